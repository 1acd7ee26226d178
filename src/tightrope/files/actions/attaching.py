"""Joining a kept file to what it belongs to."""

from __future__ import annotations

from tightrope.files.models import Attachment


def attach(
    attachment: Attachment, *, subject_type: str, subject_id: int, account_id: int | None, is_public: bool
) -> Attachment:
    """Let the file belong to a message, a case, an account; whoever may read that may read the file."""
    attachment.subject_type = subject_type
    attachment.subject_id = subject_id
    attachment.account_id = account_id
    attachment.is_public = is_public
    attachment.save(update_fields=["subject_type", "subject_id", "account_id", "is_public"])
    return attachment
