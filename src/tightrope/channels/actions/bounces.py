"""Reports that a mail of ours did not arrive."""

from __future__ import annotations

from datetime import datetime

from tightrope import timeline
from tightrope.channels import events
from tightrope.channels.mail.parsed import ParsedMail
from tightrope.channels.models import Message, MessageState
from tightrope.core.actor import SYSTEM


def take_bounce(parsed: ParsedMail, *, at: datetime) -> bool:
    """Note on the mail of ours that it came back. False when the report is about none of ours."""
    bounce = parsed.bounce
    if bounce is None or not bounce.original_message_id:
        return False
    ours = Message.objects.filter(message_id=bounce.original_message_id, direction="out").first()
    if ours is None:
        return False
    first = bounce.recipients[0] if bounce.recipients else None
    address = first.email if first else ", ".join(ours.recipients)
    reason = (first.diagnostic or first.status) if first else parsed.subject
    if bounce.is_permanent:
        ours.state = MessageState.BOUNCED
        ours.outcome = reason[:500]
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
