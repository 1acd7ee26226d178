"""The desk for other programs: the same queries and acts as the pages. Internal notes can be written, never read."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router, Status

from tightrope.cases import access, actions, queries
from tightrope.cases.api_schemas import (
    AcceptIn,
    Asked,
    AssignIn,
    CaseIn,
    CaseOut,
    CasesOut,
    MessageOut,
    ParentIn,
    ReasonIn,
    SolveIn,
    SplitIn,
    TextIn,
    WaitIn,
)
from tightrope.cases.models import Case, Category
from tightrope.cases.queries import Filter
from tightrope.cases.refusals import REFUSALS, status_of
from tightrope.channels import queries as channels
from tightrope.channels.models import Message
from tightrope.core import clock
from tightrope.core.actor import SYSTEM, Actor
from tightrope.core.idempotency import once
from tightrope.core.paging import BadCursor
from tightrope.customers import actions as customers
from tightrope.customers import queries as people
from tightrope.customers.addresses import BadAddress
from tightrope.customers.models import Account, Contact
from tightrope.people.access import Denied
from tightrope.people.models import Team, User

router = Router(tags=["Cases"])


class NotKnown(LookupError):
    """A name in the request leads to nothing that this key may see."""


def problem(status: int, detail: str) -> HttpResponse:
    """An error as RFC 9457 describes it."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def answered(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what an act refuses into a problem the other program can read."""

    @functools.wraps(operation)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return operation(request, *args, **kwargs)
        except Case.DoesNotExist:
            return problem(404, "There is no such case.")
        except Denied as denied:
            return problem(403, f"This key may not do that: {denied}")
        except BadCursor:
            return problem(400, "after: this is no page mark of ours")
        except (NotKnown, BadAddress, customers.AddressTaken) as wrong:
            return problem(422, str(wrong))
        except REFUSALS as refusal:
            return problem(status_of(refusal), str(refusal))

    return run


def _by(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _shown(case: Case, at: datetime) -> dict[str, Any]:
    return {
        "id": case.public_id,
        "light": case.light(at),
        "category": case.category.code if case.category else None,
        "account": case.account.public_id if case.account else None,
        "contact": case.contact.public_id if case.contact else None,
        "owner": case.owner.email if case.owner else None,
        "team": case.team.code if case.team else None,
        **{name: getattr(case, name) for name in _PLAIN},
    }


_PLAIN = (
    "number", "title", "type", "status", "priority", "impact", "urgency", "tier", "channel", "language", "tags",
    "told_at", "received_at", "next_due_at", "waiting_for", "solved_at", "closed_at", "version",
)  # fmt: skip


def _done(request: HttpRequest, act: Callable[[], Case], *, status: int = 200) -> Any:
    """Do an act once for each Idempotency-Key, and answer with the case as it stands.

    A key is one of its address: programs use the number of an order for its customer, its case and each note.
    """
    by, now = _by(request), clock.now()
    key = request.headers.get("Idempotency-Key")
    if not key:
        case = act()
    else:
        made: list[Case] = []

        def noted() -> dict[str, Any]:
            made.append(act())
            return {"case": made[0].public_id}

        answer, is_new = once(f"api:{by.id}", f"{request.method} {request.path} {key}", noted, at=now)
        case = made[0] if is_new else access.case_for(by, answer["case"])
    return Status(status, _shown(case, now))


@router.get("cases", response=CasesOut, url_name="cases-cases", summary="Cases by promise and priority")
@answered
def cases(request: HttpRequest, asked: Query[Asked]) -> Any:
    wanted = Filter.from_address({"view": asked.view, "type": asked.type, "tag": asked.tag})
    now = clock.now()
    page = queries.queue(wanted, by=_by(request), at=now, after=asked.after, size=asked.limit)
    return {"cases": [_shown(case, now) for case in page.rows], "next": page.next}


@router.post("cases", response={201: CaseOut}, url_name="cases-cases", summary="Open a case")
@answered
def open_case(request: HttpRequest, wanted: CaseIn) -> Any:
    by, now = _by(request), clock.now()

    def opened() -> Case:
        contact = _contact(wanted, by, now)
        account = _account(wanted.account, by) or (contact.account if contact else None)
        return actions.open_case(
            title=wanted.title,
            text=wanted.text,
            channel=Case.Channel.API,
            account=account,
            contact=contact,
            category=_category(wanted.category),
            case_type=wanted.type,
            impact=wanted.impact,
            urgency=wanted.urgency,
            told_at=wanted.told_at,
            language=wanted.language,
            answers=wanted.answers,
            tags=wanted.tags,
            is_answerable=wanted.is_answerable,
            by=by,
            at=now,
        )

    return _done(request, opened, status=201)


def _account(public_id: str | None, by: Actor) -> Account | None:
    if not public_id:
        return None
    account = Account.objects.visible_to(by).filter(public_id=public_id).first()
    if account is None:
        raise NotKnown(f"account: {public_id!r} is not known")
    return account


def _contact(wanted: CaseIn, by: Actor, at: datetime) -> Contact | None:
    """The contact by id or by an address; somebody unknown becomes a contact, as when he had written a mail."""
    if wanted.contact_id:
        rows = Contact.objects.visible_to(by).select_related("account")
        contact = rows.filter(public_id=wanted.contact_id).first()
        if contact is None:
            raise NotKnown(f"contact_id: {wanted.contact_id!r} is not known")
        return contact
    if wanted.contact is None:
        return None
    addresses = [
        (kind, value)
        for kind, value in (("mail", wanted.contact.mail), ("phone", wanted.contact.phone))
        if value.strip()
    ]
    for kind, value in addresses:
        if known := people.contact_by_address(kind, value):
            return known
    if not addresses and not wanted.contact.name:
        return None
    return customers.add_contact(
        None,
        name=wanted.contact.name or addresses[0][1],
        language=wanted.language or "zh-hans",
        addresses=addresses,
        by=SYSTEM,
        at=at,
    )


def _category(code: str | None) -> Category | None:
    if not code:
        return None
    category = Category.objects.filter(code=code).select_related("team", "parent").first()
    if category is None:
        raise NotKnown(f"category: {code!r} is not known")
    return category


@router.get("cases/{public_id}", response=CaseOut, url_name="cases-case", summary="One case")
@answered
def case(request: HttpRequest, public_id: str) -> Any:
    return _shown(access.case_for(_by(request), public_id), clock.now())


@router.get(
    "cases/{public_id}/messages",
    response=list[MessageOut],
    url_name="cases-messages",
    summary="What was said in public, oldest first",
)
@answered
def messages(request: HttpRequest, public_id: str) -> Any:
    shown = access.case_for(_by(request), public_id)
    return [_said(message) for message in channels.messages_of(shown.conversation)]


def _said(message: Message) -> dict[str, Any]:
    plain = ("id", "at", "direction", "channel", "text", "state", "is_automatic")
    return {"author": message.author_name, **{name: getattr(message, name) for name in plain}}


@router.post(
    "cases/{public_id}/replies",
    response={201: CaseOut},
    url_name="cases-replies",
    summary="Answer the customer",
)
@answered
def reply(request: HttpRequest, public_id: str, wanted: TextIn) -> Any:
    by, shown = _by(request), access.case_for(_by(request), public_id)

    def replied() -> Case:
        actions.send_reply(shown, text=wanted.text, by=by, at=clock.now())
        return access.case_for(by, public_id)

    return _done(request, replied, status=201)


@router.post(
    "cases/{public_id}/notes", response={201: CaseOut}, url_name="cases-notes", summary="Note for colleagues"
)
@answered
def note(request: HttpRequest, public_id: str, wanted: TextIn) -> Any:
    by, shown = _by(request), access.case_for(_by(request), public_id)

    def noted() -> Case:
        actions.add_note(shown, text=wanted.text, by=by, at=clock.now())
        return shown

    return _done(request, noted, status=201)


@router.post(
    "cases/{public_id}/acceptance",
    response=CaseOut,
    url_name="cases-acceptance",
    summary="Accept for somebody",
)
@answered
def accept(request: HttpRequest, public_id: str, wanted: AcceptIn) -> Any:
    by, shown = _by(request), access.case_for(_by(request), public_id)
    owner = _user(wanted.owner)
    return _done(request, lambda: actions.accept_case(shown, owner=owner, by=by, at=clock.now()))


@router.post("cases/{public_id}/assignment", response=CaseOut, url_name="cases-assignment", summary="Assign")
@answered
def assign(request: HttpRequest, public_id: str, wanted: AssignIn) -> Any:
    by, shown = _by(request), access.case_for(_by(request), public_id)
    owner = _user(wanted.owner) if wanted.owner else None
    team = _team(wanted.team) if wanted.team else None
    return _done(
        request,
        lambda: actions.assign_case(
            shown, owner=owner, team=team, version=wanted.version, by=by, at=clock.now()
        ),
    )


def _user(mail: str) -> User:
    user = User.objects.filter(email=mail.strip().lower(), is_active=True).first()
    if user is None:
        raise NotKnown(f"owner: {mail!r} is not known")
    return user


def _team(code: str) -> Team:
    team = Team.objects.filter(code=code, is_open=True).first()
    if team is None:
        raise NotKnown(f"team: {code!r} is not known")
    return team


@router.post(
    "cases/{public_id}/waiting", response=CaseOut, url_name="cases-waiting", summary="Wait for the customer"
)
@answered
def wait(request: HttpRequest, public_id: str, wanted: WaitIn) -> Any:
    by, shown = _by(request), access.case_for(_by(request), public_id)
    return _done(
        request,
        lambda: actions.wait_for_customer(
            shown, waiting_for=wanted.waiting_for, source=wanted.source, by=by, at=clock.now()
        ),
    )


@router.post("cases/{public_id}/solution", response=CaseOut, url_name="cases-solution", summary="Solve")
@answered
def solve(request: HttpRequest, public_id: str, wanted: SolveIn) -> Any:
    by, shown = _by(request), access.case_for(_by(request), public_id)
    return _done(
        request,
        lambda: actions.solve_case(
            shown,
            solution=wanted.solution,
            despite_children=wanted.despite_children,
            by=by,
            at=clock.now(),
        ),
    )


@router.post("cases/{public_id}/reopening", response=CaseOut, url_name="cases-reopening", summary="Reopen")
@answered
def reopen(request: HttpRequest, public_id: str, wanted: ReasonIn) -> Any:
    by, shown = _by(request), access.case_for(_by(request), public_id)
    return _done(request, lambda: actions.reopen_case(shown, reason=wanted.reason, by=by, at=clock.now()))


@router.post(
    "cases/{public_id}/split",
    response={201: CaseOut},
    url_name="cases-split",
    summary="Open a second case with words of the customer in this one",
)
@answered
def split(request: HttpRequest, public_id: str, wanted: SplitIn) -> Any:
    by, shown = _by(request), access.case_for(_by(request), public_id)
    said = {word.pk: word for word in queries.words_of_customer(shown)}
    strange = [number for number in wanted.messages if number not in said]
    if strange:
        raise NotKnown(f"messages: {strange} are no words of the customer in this case")
    words = [said[number] for number in wanted.messages]
    category = _category(wanted.category)

    def made() -> Case:
        return actions.split_case(shown, words, title=wanted.title, category=category, by=by, at=clock.now())

    return _done(request, made, status=201)


@router.post(
    "cases/{public_id}/parent", response=CaseOut, url_name="cases-parent", summary="Put under another"
)
@answered
def put_under(request: HttpRequest, public_id: str, wanted: ParentIn) -> Any:
    by, shown = _by(request), access.case_for(_by(request), public_id)
    above = access.case_for(by, wanted.parent)
    return _done(request, lambda: actions.put_under(shown, above, by=by, at=clock.now()))


@router.delete(
    "cases/{public_id}/parent", response=CaseOut, url_name="cases-parent", summary="Take out again"
)
@answered
def take_out(request: HttpRequest, public_id: str) -> Any:
    by, shown = _by(request), access.case_for(_by(request), public_id)
    return _done(request, lambda: actions.take_out(shown, by=by, at=clock.now()))
