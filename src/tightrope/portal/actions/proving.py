"""Proving who one is by reading one's mailbox: signing in, and standing by what was reported."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.cases import actions as cases
from tightrope.cases import events as case_events
from tightrope.cases import indexing, letters
from tightrope.cases.models import Case
from tightrope.channels.signature import signed
from tightrope.core import throttle
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers
from tightrope.customers import queries
from tightrope.customers.addresses import BadAddress, normalise
from tightrope.customers.models import Contact
from tightrope.people import actions as people
from tightrope.people.models import User
from tightrope.portal.access import hash_of
from tightrope.portal.models import Proof

SIGN_IN_LASTS = timedelta(minutes=15)
REPORT_LASTS = timedelta(days=3)
KEPT_AFTER_END = timedelta(days=7)
MOST_MAILS_AN_HOUR = 4
MOST_MAILS_A_DAY = 10


class BadProof(LookupError):
    """This link was used, is too old, or never was. Which of them is not told."""


@transaction.atomic
def send_sign_in_link(address: str, *, next_url: str, at: datetime) -> None:
    """Mail a link that signs a contact in. Nothing is sent to an address we do not know; nobody learns which.

    Staff are not let in this way, also when they are somebody's contact: it would pass by their second factor.
    """
    try:
        address = normalise("mail", address)
    except BadAddress:
        return
    contact = queries.contact_by_address("mail", address)
    if contact is None or _is_staff(contact, address) or not may_mail(address, at):
        return
    token = new_proof(address, contact=contact, lasts=SIGN_IN_LASTS, at=at)
    with translation.override(contact.language):
        send(
            address,
            subject=_("Your link to sign in"),
            letter="portal/mail/sign_in.txt",
            link=reverse("portal:entry", args=[token]) + (f"?next={next_url}" if next_url else ""),
            minutes=int(SIGN_IN_LASTS.total_seconds() // 60),
        )


def _is_staff(contact: Contact, address: str) -> bool:
    user = contact.user or User.objects.filter(email__iexact=address).first()
    return user is not None and (not user.is_active or user.holdings.exists())


def may_mail(address: str, at: datetime) -> bool:
    """Nobody's mailbox is flooded through us, whoever asks for it and from wherever."""
    try:
        name = f"portal.mail:{hash_of(address)}"
        throttle.allow(f"{name}:hour", at_most=MOST_MAILS_AN_HOUR, within=timedelta(hours=1), at=at)
        throttle.allow(f"{name}:day", at_most=MOST_MAILS_A_DAY, within=timedelta(days=1), at=at)
    except throttle.TooMany:
        return False
    return True


def new_proof(
    address: str, *, contact: Contact | None = None, case: Case | None = None, adds_address: bool = False,
    lasts: timedelta, at: datetime,
) -> str:  # fmt: skip
    """The secret of a link to mail; only its hash is kept."""
    token = secrets.token_urlsafe(24)
    Proof.objects.create(
        token_hash=hash_of(token),
        address=address,
        contact=contact,
        case=case,
        adds_address=adds_address,
        made_at=at,
        expires_at=at + lasts,
    )
    return token


def send(address: str, *, subject: str, letter: str, link: str, **facts: object) -> None:
    """One mail in the words of this house only, signed: what strangers wrote goes to nobody through us."""
    context = {"link": f"{settings.PUBLIC_URL}{link}", "company": settings.COMPANY_NAME, **facts}
    text = signed(render_to_string(letter, context), language=get_language())
    EmailMessage(subject=subject, body=text, to=[address]).send()


@transaction.atomic
def open_sign_in(token: str, *, at: datetime) -> User:
    """Use up a mailed link and give the user who may sign in by it, made on his first visit. Raises BadProof."""
    proof = used(token, at, contact__isnull=False, adds_address=False)
    contact = Contact.objects.select_related("user").filter(pk=proof.contact_id, is_active=True).first()
    if contact is None or _is_staff(contact, proof.address):
        raise BadProof
    address = contact.addresses.filter(kind="mail", value=proof.address).first()
    if address is None:
        raise BadProof  # the mailbox was taken from this person since
    customers.verify_address(address, by=SYSTEM, at=at)
    return contact.user or _first_user(contact, proof.address, at)


def used(token: str, at: datetime, **purpose: bool) -> Proof:
    """The proof behind a mailed secret, used up by this. Raises BadProof, also for one made for another purpose."""
    proof = Proof.objects.select_for_update().filter(token_hash=hash_of(token), **purpose).first()
    if proof is None or not proof.is_good(at):
        raise BadProof
    proof.used_at = at
    proof.save(update_fields=["used_at"])
    return proof


def _first_user(contact: Contact, address: str, at: datetime) -> User:
    user = User.objects.filter(email__iexact=address, contact__isnull=True).first()
    if user is None:
        if User.objects.filter(email__iexact=address).exists():
            raise BadProof
        user = people.invite_user(
            email=address,
            name=contact.name,
            roles=[],
            teams=[],
            language=contact.language,
            time_zone=contact.time_zone,
            by=SYSTEM,
            at=at,
        )
    customers.link_user(contact, user, by=SYSTEM, at=at)
    return user


@transaction.atomic
def ask_for_proof(case: Case, *, address: str, at: datetime) -> None:
    """Ask the owner of a mailbox whether he reported this. The mail carries the number and nothing he did not write."""
    if not may_mail(address, at):
        return
    token = new_proof(address, case=case, lasts=REPORT_LASTS, at=at)
    with translation.override(case.language):
        send(
            address,
            subject=_("Please confirm your request %(number)s") % {"number": case.number},
            letter="portal/mail/proof.txt",
            link=reverse("portal:proof", args=[token]),
            number=case.number,
        )


@transaction.atomic
def confirm_report(token: str, *, at: datetime) -> Case:
    """The owner of the mailbox says that he reported this: the case becomes his. Raises BadProof.

    A link that was shown to whoever filled in the form dies; the owner gets one of his own by mail. Where the desk
    has given the case to another customer meanwhile it stays there, and the desk is told whose mailbox it was.
    """
    proof = used(token, at, case__isnull=False)
    assert proof.case_id is not None
    case: Case = Case.objects.lock(proof.case_id)
    stand_in = Contact.objects.get(pk=case.contact_id)
    known = queries.contact_by_address("mail", proof.address)
    if known is None:
        customers.add_address(stand_in, kind="mail", value=proof.address, by=SYSTEM, at=at)
    elif known.account_id is not None and case.account_id not in {None, known.account_id}:
        words = _("%(mail)s, by which this was reported, belongs to %(name)s of another customer.")
        timeline.add_note(case, words % {"mail": proof.address, "name": known.name}, by=SYSTEM, at=at)
    elif known.pk != stand_in.pk and stand_in.account_id is None:
        case = _give_to(case, known, at=at)
        if not Case.objects.filter(contact=stand_in).exists():
            customers.retire_contact(stand_in, by=SYSTEM, at=at)
    contact = Contact.objects.get(pk=case.contact_id)
    address = contact.addresses.filter(kind="mail", value=proof.address).first()
    if address is not None:
        customers.verify_address(address, by=SYSTEM, at=at)
    cases.revoke_links(case, by=SYSTEM, at=at)
    letters.send(Case.objects.with_people().get(pk=case.pk), "received", at=at)
    return case


def _give_to(case: Case, contact: Contact, *, at: datetime) -> Case:
    if contact.account is not None:
        return cases.join_case(case, account=contact.account, contact=contact, by=SYSTEM, at=at)
    case.contact = contact
    case.version += 1
    case.save(update_fields=["contact", "version"])
    indexing.index_case(case)
    timeline.record(case, case_events.CaseJoined(account="", contact=contact.name), by=SYSTEM, at=at)
    return case


def sweep_proofs(*, at: datetime) -> int:
    """Delete mailed links that have opened nothing for a week. Returns how many."""
    deleted, _by_model = Proof.objects.filter(expires_at__lt=at - KEPT_AFTER_END).delete()
    return deleted
