"""Job entry points of the channels. What leaves the process leaves here, outside of any transaction."""

from __future__ import annotations

from datetime import datetime

from tightrope.channels import actions, originals
from tightrope.channels.mail.reader import read_mail as read_in_child
from tightrope.channels.mail.smtp_out import send_mail
from tightrope.channels.models import RawMail
from tightrope.core import clock
from tightrope.core.faults import faultpoint
from tightrope.core.jobs import job


@job("channels.read_mail", queue="mail")
def read_mail(*, raw_id: int) -> None:
    """Read one mail in the limited child and make a message of it."""
    raw = RawMail.objects.get(pk=raw_id)
    if raw.state == RawMail.State.NEW:
        actions.take_in_mail(raw, read_in_child(originals.content_of(raw)), at=clock.now())


@job("channels.let_go", queue="urgent")
def let_go(*, message_id: int, message_at: str) -> None:
    """The time in which a message can be taken back is over."""
    actions.let_go(message_id, message_at=datetime.fromisoformat(message_at), at=clock.now())


@job("channels.deliver", queue="mail")
def deliver(*, message_id: int, message_at: str) -> None:
    """Send one mail and write down what became of it."""
    at = datetime.fromisoformat(message_at)
    built = actions.begin_delivery(message_id, message_at=at, at=clock.now())
    if built is None:
        return
    faultpoint(actions.SENDING)
    outcome = send_mail(built, settings=actions.smtp_settings())
    faultpoint(actions.SENT)
    actions.end_delivery(message_id, outcome, message_at=at, at=clock.now())


@job("channels.look_after", queue="mail", attempts=1)
def look_after() -> None:
    """Take up again what waits without a job, in and out, and bring older mails to the storage."""
    actions.let_go_again(at=clock.now())
    actions.take_up_again(at=clock.now())
    actions.read_what_was_left(at=clock.now())
    actions.move_originals()


@job("channels.forget", queue="slow", attempts=1)
def forget() -> None:
    """Drop what has been kept long enough."""
    actions.forget_raw_mails(at=clock.now())
    actions.forget_personal_letters(at=clock.now())
