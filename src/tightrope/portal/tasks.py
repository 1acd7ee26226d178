"""Job entry points of the portal: its mails."""

from __future__ import annotations

from datetime import datetime

from tightrope.cases.models import Case
from tightrope.core import clock
from tightrope.core.idempotency import once
from tightrope.core.jobs import job
from tightrope.portal.actions import proving


@job("portal.send_sign_in_link", queue="urgent")
def send_sign_in_link(address: str, next_url: str, asked: str) -> None:
    """Mail somebody his link; one for each time he asked, however often the job runs."""

    def sent() -> dict[str, bool]:
        proving.send_sign_in_link(address, next_url=next_url, at=clock.now())
        return {"done": True}

    once("portal.sign_in", asked, sent, at=clock.now())


@job("portal.ask_for_proof", queue="urgent")
def ask_for_proof(case_id: int, address: str, at: str) -> None:
    """Ask the owner of a given mailbox whether he reported this case; once a case."""

    def asked() -> dict[str, bool]:
        proving.ask_for_proof(Case.objects.get(pk=case_id), address=address, at=datetime.fromisoformat(at))
        return {"done": True}

    once("portal.proof", f"case:{case_id}", asked, at=datetime.fromisoformat(at))


@job("portal.sweep", queue="slow", attempts=1)
def sweep() -> None:
    """Clear away mailed links that open nothing any more."""
    proving.sweep_proofs(at=clock.now())
