"""Reports that a mail of ours did not arrive."""

from __future__ import annotations

from datetime import datetime

from tightrope import timeline
from tightrope.channels import events
from tightrope.channels.mail.parsed import ParsedMail
from tightrope.channels.models import Message, MessageState
from tightrope.channels.storable import one_line
from tightrope.core.actor import SYSTEM


def take_bounce(parsed: ParsedMail, *, at: datetime) -> bool:
    """Note on the mail of ours that it came back. False when the report is about none of ours."""
    bounce = parsed.bounce
    if bounce is None or not bounce.original_message_id:
        return False
    rows = Message.objects.select_for_update().filter(
        message_id=bounce.original_message_id[:300], direction="out"
    )
    ours = rows.first()
    if ours is None:
        return False
    first = bounce.recipients[0] if bounce.recipients else None
    address = one_line(first.email, 320) if first else ", ".join(ours.recipients)
    reason = one_line((first.diagnostic or first.status) if first else parsed.subject, 500)
    if bounce.is_permanent and ours.state in {MessageState.SENT, MessageState.SENDING}:
        ours.state = MessageState.BOUNCED
        ours.outcome = reason
        ours.save(update_fields=["state", "outcome"])
    timeline.record(
        ours,
        events.MessageBounced(
            conversation_id=ours.conversation_id,
            address=address,
            reason=reason,
            is_permanent=bounce.is_permanent,
        ),
        by=SYSTEM,
        at=at,
    )
    return True
