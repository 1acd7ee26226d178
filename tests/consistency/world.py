"""Two customers who must know nothing of each other, with one of everything each, and all who may knock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from django.test import Client

from tests import cast
from tightrope.calendars import defaults as calendars
from tightrope.calendars.actions import plan_weekly_duty
from tightrope.calendars.models import WorkCalendar
from tightrope.cases import actions as cases
from tightrope.cases.models import CannedReply, Case, PrivateLink, SavedView
from tightrope.cases.tests import factories
from tightrope.channels import actions as channels
from tightrope.channels.models import Message
from tightrope.config.roles import MANUFACTURER
from tightrope.core.actor import NOBODY, SYSTEM, Actor, Scope
from tightrope.customers import actions as customers
from tightrope.customers.models import Account, Contact, Merge, Site
from tightrope.customers.queries import actor_of_contact
from tightrope.files import actions as files
from tightrope.files.models import Attachment
from tightrope.measures import actions as measures
from tightrope.people import actions as people
from tightrope.people.access import known_permissions
from tightrope.people.models import Region, Role, Team, User
from tightrope.people.queries import actor_of, actor_of_key
from tightrope.promises.models import Policy, Promise
from tightrope.surveys import actions as surveys
from tightrope.surveys.models import FollowUp, Survey

AT = cast.NOW
LATER = AT + timedelta(hours=1)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003"
    "01010018dd8db00000000049454e44ae426082"
)


@dataclass(frozen=True)
class Side:
    """One customer with one of everything that hangs on him."""

    name: str
    account: Account
    contact: Contact
    user: User
    site: Site
    address_id: int
    case: Case
    solved: Case
    link: PrivateLink
    message: Message
    attachment: Attachment
    promise: Promise
    survey: Survey
    follow_up: FollowUp
    merge: Merge


@dataclass(frozen=True)
class Doer:
    """Somebody who knocks: how his browser or program says who he is, and what he is as a doer."""

    name: str
    client: Client
    staff: Actor = NOBODY
    contact: Actor = NOBODY
    key: Actor = NOBODY
    is_signed_in: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    def at(self, path: str) -> Actor:
        """Who he is at this address; the same person may be a member of staff here and a customer there."""
        if path.startswith("/api/"):
            return self.key
        if path.startswith("/s/"):
            link = (
                PrivateLink.objects.filter(token=path.split("/")[2]).select_related("contact", "case").first()
            )
            return link.actor() if link else NOBODY
        if path.startswith("/portal/"):
            return self.contact
        if path.startswith(("/files/", "/live")) and self.staff.kind is NOBODY.kind:
            return self.contact
        return self.staff


class World:
    """Everything the matrix knocks at."""

    def __init__(self) -> None:
        factories.policies()
        cast.roles()
        self.desk, self.north = cast.team("desk"), cast.team("north", region="华北")
        self.category = factories.category()
        self.canned = CannedReply.objects.create(
            code="photo", names={"en": "Photo"}, bodies={"en": "Please send a photo of {{case.number}}."}
        )
        self.view = SavedView.objects.create(user=cast.zhou_min(), name="mine", query="view=open")
        calendars.install(by=SYSTEM, at=AT)
        self.calendar = WorkCalendar.objects.get()
        [self.duty] = plan_weekly_duty(
            self.desk, user=cast.zhou_min(), stand_in=None, weekdays=[0], from_time=time(9), until_time=time(18),
            by=SYSTEM, at=AT,
        )  # fmt: skip
        self.policy = Policy.objects.get(name="usual")
        self.raw = channels.receive_mail(b"Subject: x\r\n\r\ny", mailbox="service", uid="1", at=AT)
        self.a = self._side("甲", Region.objects.get_or_create(name="华东")[0], self.desk, cast.he_yong())
        self.b = self._side("乙", Region.objects.get_or_create(name="华北")[0], self.north, None)
        self.doers = self._doers()
        measures.take_courses(at=LATER)

    def _side(self, name: str, region: Region, team: Team, owner: User | None) -> Side:
        account = customers.open_account(
            name=f"{name}方数据",
            kind="company",
            language="zh-hans",
            region=region,
            owner=owner,
            by=SYSTEM,
            at=AT,
        )
        twin = customers.open_account(
            name=f"{name}方数据（旧）", kind="company", language="zh-hans", region=region, by=SYSTEM, at=AT
        )
        merge = customers.merge_accounts(account, twin, reason="same", by=SYSTEM, at=AT)
        number = "1" if name == "甲" else "2"
        contact = customers.add_contact(
            account, name=f"{name}方王磊", language="zh-hans", by=SYSTEM, at=AT,
            addresses=[("mail", f"wang@side{number}.example"), ("phone", f"+86 138 0000 000{number}")],
        )  # fmt: skip
        user = cast.person(f"wang@side{number}.example", contact.name, "")
        contact = customers.link_user(contact, user, by=SYSTEM, at=AT)
        site = customers.add_site(account, name=f"{name}方机房", address="苏州", by=SYSTEM, at=AT)
        facts: dict[str, Any] = {"contact": contact, "team": team, "category": self.category}
        case = factories.case(title=f"{name}方漏水", **facts)
        solved = cases.solve_case(
            factories.case(title=f"{name}方噪音", **facts), solution="answer", by=SYSTEM, at=AT
        )
        survey = surveys.rate_case(
            solved, score=1, comment=f"{name}方不满", by=actor_of_contact(contact), at=AT
        )
        follow_up = surveys.open_follow_up(survey, by=SYSTEM, at=AT)
        attachment = files.store_file(PNG, name="板.png", account_id=account.pk, by=SYSTEM, at=AT)
        message = channels.post_message(
            case.conversation, text=f"{name}方照片", author=actor_of_contact(contact), direction="in",
            channel="mail", attachments=[attachment], at=AT,
        )  # fmt: skip
        Message.objects.filter(id=message.pk, at=message.at).update(html="<p>x</p>")
        Attachment.objects.filter(pk=attachment.pk).update(is_public=True)
        attachment.refresh_from_db()
        assert follow_up is not None
        return Side(
            name=name, account=account, contact=contact, user=user, site=site,
            address_id=contact.addresses.values_list("pk", flat=True)[0], case=case, solved=solved,
            link=case.links.get(), message=message, attachment=attachment,
            promise=Promise.objects.filter(subject_type="case", subject_id=case.pk).order_by("pk")[0],
            survey=survey, follow_up=follow_up, merge=merge,
        )  # fmt: skip

    # -- who knocks --------------------------------------------------------------------------------------

    def _doers(self) -> list[Doer]:
        found = [self._staff(preset.code) for preset in MANUFACTURER]
        found.append(self._signed_in("Ola", cast.ola()))
        found += [
            self._signed_in(f"contact of {side.name}", side.user, side.contact) for side in (self.a, self.b)
        ]
        found.append(Doer("anonymous, with the link of 甲", Client()))
        everything = dict.fromkeys(known_permissions(), Scope.ALL)
        found.append(self._key("key for everything", everything))
        found.append(self._key("key of one's own", {"case.view": Scope.OWN, "customer.view": Scope.OWN}))
        return found

    def _staff(self, code: str) -> Doer:
        known = {
            "service": cast.zhou_min, "lead": cast.chen_gang, "dispatcher": cast.lin_fang,
            "engineer": cast.wu_qiang, "expert": cast.xu_jing, "sales": cast.he_yong, "quality": cast.shen_li,
            "manager": cast.gu_wei, "administrator": cast.administrator,
        }  # fmt: skip
        make = known.get(code)
        user = make() if make else cast.person(f"{code}@hengyuan.example", code, code)
        return self._signed_in(code, user)

    def _signed_in(self, name: str, user: User, contact: Contact | None = None) -> Doer:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return Doer(
            name, client, staff=actor_of(user), is_signed_in=True,
            contact=actor_of_contact(contact) if contact else NOBODY,
        )  # fmt: skip

    def _key(self, name: str, grants: dict[str, Scope]) -> Doer:
        _row, presented = people.make_key(name=name, grants=grants, by=SYSTEM, at=AT)
        actor = actor_of_key(presented, at=LATER)
        assert actor is not None
        return Doer(name, Client(), key=actor, headers={"authorization": f"Bearer {presented}"})

    # -- what is knocked at ------------------------------------------------------------------------------

    def names_for(self, route: str, wanted: frozenset[str], side: Side | None) -> tuple[dict[str, Any], Any]:
        """What fills an address of this route for one side (None: for nothing that exists), and the thing it names."""
        kwargs, thing = self._fill(route, wanted, side or self.a)
        if side is None:
            kwargs = {name: _nothing_like(name, value) for name, value in kwargs.items()}
        missing = wanted - set(kwargs)
        assert not missing, f"{route}: the matrix does not know what to put for {missing}"
        return {name: kwargs[name] for name in wanted}, thing

    def _fill(self, route: str, wanted: frozenset[str], side: Side) -> tuple[dict[str, Any], Any]:
        room, _, noun = route.partition(":")
        thing: Any = None
        filled: dict[str, Any] = {"name": "板.png", "message_id": side.message.pk, "raw_id": self.raw.pk}
        filled |= {
            "job_id": 1,
            "view_id": self.view.pk,
            "merge_id": side.merge.pk,
            "address_id": side.address_id,
        }
        filled |= {
            "calendar_id": self.calendar.pk,
            "number": 2026,
            "on": "2026-10-01",
            "policy_id": self.policy.pk,
            "team_id": self.desk.pk,
            "duty_id": self.duty.pk,
            "notice_id": 1,
        }
        filled |= {
            "uidb36": "1",
            "provider_id": "company",
            "key": "no-such-key",
            "question_key": "no-such-question",
        }
        filled["code"] = self.canned.code if "canned" in noun else self.category.code
        filled["pk"] = {"team": self.desk, "role": Role.objects.all()[0]}.get(noun, side.user).pk
        if room == "surveys" and "token" in wanted:
            filled["token"] = side.survey.token
        elif room == "portal" and noun in {"entry", "proof"}:
            filled["token"] = "A" * 43
        elif room == "people":
            filled["token"] = "no-such-invitation"
        else:
            filled["token"] = side.link.token
        if "public_id" in wanted:
            thing = self._named(route, side)
            filled["public_id"] = thing.public_id
        elif "message_id" in wanted and noun == "frame":
            thing = side.message
        return filled, thing

    def _named(self, route: str, side: Side) -> Any:
        room, _, noun = route.partition(":")
        if room == "files" or noun in {"link_file", "link_thumbnail", "link_picture"}:
            return side.attachment
        if room in {"cases", "portal"} or noun.startswith("cases-"):
            return side.case
        if room == "promises":
            return side.promise
        if room == "surveys":
            return side.follow_up if noun == "call" else side.survey
        if room == "customers" and (noun.startswith("contact") or noun == "joining"):
            return side.contact
        if room == "customers" and noun == "site":
            return side.site
        if room == "customers" or noun.startswith("customers-"):
            return side.account
        raise AssertionError(f"{route}: the matrix does not know what its public_id names")


def _nothing_like(name: str, value: Any) -> Any:
    if name in {"public_id", "token"}:
        return "A" * len(value)
    if name == "code":
        return "no-such-code"
    return 987_654_321 if isinstance(value, int) and name != "number" else value


def may_see(by: Actor, thing: Any) -> bool:
    """Whether the thing is this doer's to see, asked of its own queryset."""
    from tightrope.channels.access import may_read_words
    from tightrope.files.access import may_read

    match thing:
        case Attachment():
            return may_read(by, thing)
        case Message():
            return may_read_words(by, thing)
        case Site():
            return bool(Account.objects.visible_to(by).filter(pk=thing.account_id).exists())
        case Case() | Account() | Contact() | Promise() | Survey() | FollowUp():
            return bool(type(thing).objects.visible_to(by).filter(pk=thing.pk).exists())
    raise AssertionError(type(thing))
