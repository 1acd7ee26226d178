"""The case, and who answered for it when."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tightrope.cases.models.configured import Category
from tightrope.core.actor import Actor, Scope
from tightrope.core.db import Lockable
from tightrope.core.ids import public_id

ENDS = ("closed", "merged", "rejected")
"""The statuses in which nothing is asked of anybody any more."""


_NEXT_NUMBER = Concat(
    Value("C-"), Cast(Func(Value("cases_case_number"), function="nextval"), models.TextField())
)
"""Numbers may have gaps; two cases never share one."""


class CaseSet(Lockable):
    """Cases, always seen through the eyes of a doer."""

    def visible_to(self, by: Actor) -> CaseSet:
        """The cases this doer may see."""
        from tightrope.cases.access import reach_of

        return self.filter(reach_of(by))

    def staff_reach(self, by: Actor, permission: str) -> Q:
        """How far a member of staff's permission reaches over cases; who reported one always sees it."""
        scope = by.scope(permission)
        if scope is None:
            return Q(pk__in=[])
        if scope is Scope.ALL:
            return Q()
        reach = Q(owner_id=by.user_id) | Q(reported_by_id=by.user_id) if by.user_id else Q(pk__in=[])
        if scope >= Scope.TEAM:
            reach |= Q(team_id__in=by.teams)
        if scope >= Scope.REGION:
            reach |= Q(account__region_id__in=by.regions)
        return reach

    def with_people(self) -> CaseSet:
        """With everything a row of a list shows, in one statement."""
        return self.select_related("account", "contact", "category", "owner", "team")

    def named(self) -> CaseSet:
        """Only what a row of a list shows; half the weight of `with_people`."""
        return self.select_related("account", "contact").only(
            "public_id", "number", "title", "channel", "status", "priority", "next_due_at", "told_at",
            "answered_at", "heard_at", "alarms", "owner_id", "account__name", "contact__name",
            "call_due_at", "again_times", "signs", "version",
        )  # fmt: skip

    def whole(self) -> CaseSet:
        """With what the page of every case shows of it, in one statement: also the conversations of the cases merged
        into it, as `merged_conversations`, and whether others were split off it or hang below it, as `has_kin`.
        What few cases have (the one it follows, whom it complains of) is asked for when it is there."""
        merged = Case.objects.filter(merged_into=OuterRef("pk")).order_by("pk").values("conversation_id")
        kin = Case.objects.filter(Q(parent=OuterRef("pk")) | Q(split_from=OuterRef("pk")))
        rows: CaseSet = self.with_people().select_related("conversation", "category__parent")
        return rows.annotate(merged_conversations=ArraySubquery(merged), has_kin=Exists(kin))

    def unfinished(self) -> CaseSet:
        """What still needs somebody: received, accepted, waiting, reopened."""
        return self.filter(status__in=UNFINISHED)


class Case(models.Model):
    """One problem of one customer, from the first word to "solved, thank you"."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        ACCEPTED = "accepted", _("Accepted")
        WAITING = "waiting", _("Waiting for the customer")
        SOLVED = "solved", _("Solved")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")
        MERGED = "merged", _("Merged")
        REJECTED = "rejected", _("Rejected")

    class Type(models.TextChoices):
        REQUEST = "request", _("Service request")
        FAULT = "fault", _("Fault report")
        QUESTION = "question", _("Question")
        COMPLAINT = "complaint", _("Complaint")

    class Level(models.IntegerChoices):
        LOW = 1, _("low")
        MEDIUM = 2, _("medium")
        HIGH = 3, _("high")

    class Channel(models.TextChoices):
        PORTAL = "web", _("Portal")
        MAIL = "mail", _("Mail")
        API = "api", _("Interface")
        PHONE = "phone", _("Phone")
        VISIT = "visit", _("Reception")
        SALES = "sales", _("Sales")
        FORM = "form", _("Website form")

    class Solution(models.TextChoices):
        ANSWER = "answer", _("Answer in writing")
        PHONE = "phone", _("Phone call")
        REMOTE = "remote", _("Remote session")
        VISIT = "visit", _("Visit")

    class Outcome(models.TextChoices):
        """How a case ended. What was said to be solved has its kind of solution beside it."""

        OPEN = "", pgettext_lazy("outcome of a case", "not ended")
        AGREED = "agreed", pgettext_lazy("outcome of a case", "solved, the customer agrees")
        UNOPPOSED = "unopposed", pgettext_lazy("outcome of a case", "solved, nobody objected")
        UNANSWERED = "unanswered", pgettext_lazy("outcome of a case", "the customer did not answer")
        MERGED = "merged", pgettext_lazy("outcome of a case", "lives on in another case")
        SPAM = "spam", pgettext_lazy("outcome of a case", "spam")
        MISTAKE = "mistake", pgettext_lazy("outcome of a case", "sent by mistake")
        DUPLICATE = "duplicate", pgettext_lazy("outcome of a case", "told twice")
        ELSEWHERE = "elsewhere", pgettext_lazy("outcome of a case", "not for us")

    class EndTold(models.TextChoices):
        """How the customer learned of the end."""

        NOT_YET = "", pgettext_lazy("end of a case", "not told yet")
        LETTER = "letter", pgettext_lazy("end of a case", "by letter")
        HIMSELF = "himself", pgettext_lazy("end of a case", "said it himself")
        NOBODY = "nobody", pgettext_lazy("end of a case", "there is nobody to tell")
        UNTOLD = "untold", pgettext_lazy("end of a case", "not told: spam, or before there was such a letter")

    class ReturnCall(models.TextChoices):
        """Where the call after the solution of a complaint stands."""

        NONE = "", pgettext_lazy("return call", "not needed yet")
        OWED = "owed", pgettext_lazy("return call", "still to be made")
        DONE = "done", pgettext_lazy("return call", "made")
        GIVEN_UP = "given_up", pgettext_lazy("return call", "tried in vain")
        BEFORE = "before", pgettext_lazy("return call", "closed before return calls were asked for")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    number = models.CharField(max_length=20, unique=True, db_default=_NEXT_NUMBER)
    type = models.CharField(max_length=20, choices=Type.choices, default=Type.REQUEST)
    title = models.CharField(max_length=200)
    account = models.ForeignKey(
        "customers.Account", null=True, on_delete=models.PROTECT, related_name="cases"
    )
    contact = models.ForeignKey(
        "customers.Contact", null=True, on_delete=models.PROTECT, related_name="cases"
    )
    conversation = models.OneToOneField("channels.Conversation", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="cases")
    answers = models.JSONField(
        default=dict, blank=True, help_text=_("The category's form as it was filled in.")
    )
    form_version = models.PositiveIntegerField(null=True)
    tags = models.JSONField(default=list, blank=True)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    language = models.CharField(max_length=12, default="zh-hans")

    status = models.CharField(max_length=12, choices=Status.choices, default=Status.RECEIVED)
    impact = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.MEDIUM)
    urgency = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.MEDIUM)
    priority = models.PositiveSmallIntegerField(default=3, help_text=_("1 is the highest."))
    owner = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="cases")
    team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="cases")
    tier = models.PositiveSmallIntegerField(default=1)
    reported_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+")

    told_at = models.DateTimeField(help_text=_("When the customer told us, whoever it was."))
    received_at = models.DateTimeField(help_text=_("When the system had it."))
    accepted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True, help_text=_("The first public word by a person."))
    waiting_since = models.DateTimeField(null=True)
    waiting_for = models.CharField(max_length=300, blank=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    heard_at = models.DateTimeField(
        null=True, help_text=_("The customer's last word that nobody answered yet.")
    )
    solved_at = models.DateTimeField(null=True)
    solution = models.CharField(max_length=12, choices=Solution.choices, blank=True)
    closed_at = models.DateTimeField(null=True)
    is_confirmed = models.BooleanField(
        null=True, help_text=_("The customer said so; null when he was silent.")
    )
    reopenings = models.PositiveSmallIntegerField(default=0)
    reroutings = models.PositiveSmallIntegerField(default=0)
    next_due_at = models.DateTimeField(
        null=True, help_text=_("When the next promise is due; null while none runs.")
    )
    look_again_at = models.DateTimeField(null=True, help_text=_("When the silence rules look at it next."))

    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children", db_index=False)  # fmt: skip
    split_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="split_off", db_index=False)  # fmt: skip
    ended_over_children = models.CharField(
        max_length=300, blank=True, help_text=_("Why it was solved although children were open.")
    )
    alarms = models.PositiveSmallIntegerField(
        default=0, help_text=_("How often somebody above was told that nobody has looked at it.")
    )
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="", db_default="")
    end_told = models.CharField(max_length=8, choices=EndTold.choices, blank=True, default="", db_default="")
    call_due_at = models.DateTimeField(null=True, help_text=_("By when the customer is to be called next."))
    return_call = models.CharField(
        max_length=8, choices=ReturnCall.choices, blank=True, default="", db_default=""
    )
    again_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="again", db_index=False)  # fmt: skip
    again_times = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text=_("How many complaints of the same came before it.")
    )
    signs = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text=_("How many signs of a complaint nobody has judged yet.")
    )
    update_alarms = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text=_("How often somebody above was told that the customer hears nothing."),
    )
    accused_team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="+")
    cause = models.TextField(blank=True)
    prevention = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[CaseSet] = CaseSet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "cases_case"
        constraints = [
            models.CheckConstraint(
                condition=Q(impact__range=(1, 3), urgency__range=(1, 3)), name="cases_case_levels"
            ),
            models.CheckConstraint(condition=Q(priority__range=(1, 5)), name="cases_case_priority"),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at__isnull=True)),
                name="cases_case_closed_iff_closed_at",
            ),
            models.CheckConstraint(
                condition=~Q(status="solved") | Q(solved_at__isnull=False), name="cases_case_solved_has_time"
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", waiting_since__isnull=False)
                | (~Q(status="waiting") & Q(waiting_since__isnull=True)),
                name="cases_case_waiting_iff_since",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="cases_case_merged_iff_into",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=ENDS) & ~Q(outcome="")) | (~Q(status__in=ENDS) & Q(outcome="")),
                name="cases_case_ended_iff_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(type="complaint", status="closed")
                | Q(return_call="before")
                | (~Q(cause="") & ~Q(prevention="") & Q(return_call__in=["done", "given_up"])),
                name="cases_case_complaint_ends_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status="solved") | ~Q(solution=""), name="cases_case_solved_has_solution"
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=models.F("id")), name="cases_case_not_own_parent"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_due_at", "priority", "id"],
                condition=Q(status__in=["received", "accepted", "waiting", "reopened"]),
                name="cases_case_queue",
            ),
            models.Index(
                fields=["owner", "next_due_at", "priority", "id"],
                condition=Q(status__in=["received", "accepted", "waiting", "reopened"]),
                name="cases_case_mine",
            ),
            models.Index(
                fields=["team", "next_due_at", "priority", "id"],
                condition=Q(status__in=["received", "accepted", "waiting", "reopened"]),
                name="cases_case_team",
            ),
            models.Index(fields=["status", "next_due_at", "priority", "id"], name="cases_case_status"),
            models.Index(fields=["account", "-told_at", "-id"], name="cases_case_account"),
            models.Index(fields=["contact", "-told_at", "-id"], name="cases_case_contact"),
            models.Index(fields=["-told_at", "-id"], name="cases_case_told"),
            models.Index(
                fields=["next_due_at", "priority", "id"],
                condition=Q(heard_at__isnull=False),
                name="cases_case_heard",
            ),
            models.Index(
                fields=["next_due_at", "priority", "id"],
                condition=Q(type="complaint", status__in=["received", "accepted", "waiting", "reopened"]),
                name="cases_case_complaints",
            ),
            models.Index(
                fields=["-told_at", "-id"], condition=Q(status="rejected"), name="cases_case_rejected"
            ),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="cases_case_parent"),
            models.Index(
                fields=["split_from"], condition=Q(split_from__isnull=False), name="cases_case_split"
            ),
            models.Index(
                fields=["received_at"],
                condition=Q(status="received", owner=None),
                name="cases_case_untriaged",
            ),
            models.Index(
                fields=["call_due_at", "id"],
                condition=Q(call_due_at__isnull=False),
                name="cases_case_calls",
            ),
            models.Index(
                fields=["next_due_at", "priority", "id"],
                condition=Q(signs__gt=0),
                name="cases_case_signs",
            ),
            models.Index(fields=["again_of"], condition=Q(again_of__isnull=False), name="cases_case_again"),
            models.Index(
                fields=["look_again_at"],
                condition=Q(look_again_at__isnull=False),
                name="cases_case_look_again",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_finished(self) -> bool:
        return self.status not in UNFINISHED

    @property
    def is_overlooked(self) -> bool:
        """Whether nobody has looked at it for so long that somebody above was told."""
        return self.alarms > 0 and self.status == self.Status.RECEIVED and self.owner_id is None

    def light(self, at: datetime) -> str:
        """The light customer and staff see: the status, or late while a promise to the customer is overdue."""
        if self.status in {self.Status.SOLVED, self.Status.CLOSED}:
            return "solved"
        if self.status in {self.Status.MERGED, self.Status.REJECTED}:
            return "received"
        if self.status != self.Status.WAITING and self.next_due_at is not None and self.next_due_at < at:
            return "late"
        return str(self.status)

    def move_to(self, status: str) -> None:
        """Change the status by a legal move. Raises IllegalMove."""
        if status not in LEGAL_MOVES[self.status]:
            raise IllegalMove(self, status)
        self.status = status
        self.version += 1


class IllegalMove(Exception):
    """The case is in a status from which this step is not possible. The message may be shown to a person."""

    def __init__(self, case: Case, wanted: str) -> None:
        super().__init__(
            _("%(number)s is “%(now)s”; it cannot become “%(wanted)s”.")
            % {"number": case.number, "now": case.get_status_display(), "wanted": Case.Status(wanted).label}
        )
        self.case = case
        self.wanted = wanted


S = Case.Status
UNFINISHED = (S.RECEIVED, S.ACCEPTED, S.WAITING, S.REOPENED)
LEGAL_MOVES: dict[str, frozenset[str]] = {
    S.RECEIVED: frozenset({S.ACCEPTED, S.MERGED, S.REJECTED}),
    S.ACCEPTED: frozenset({S.WAITING, S.SOLVED, S.MERGED}),
    S.WAITING: frozenset({S.ACCEPTED, S.SOLVED, S.CLOSED, S.MERGED}),
    S.SOLVED: frozenset({S.CLOSED, S.REOPENED}),
    S.CLOSED: frozenset({S.REOPENED}),
    S.REOPENED: frozenset({S.ACCEPTED, S.MERGED}),
    S.MERGED: frozenset(),
    S.REJECTED: frozenset({S.RECEIVED}),
}
"""Every move there is. A rejected case can be taken back: nothing a customer said is lost by one click."""


class Stint(models.Model):
    """One stretch of time in which one team answered for a case: the clock of each hand-over."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="stints")
    team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "cases_stint"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(until_at__isnull=True), name="cases_stint_one_open"
            )
        ]
        indexes = [models.Index(fields=["case", "from_at"], name="cases_stint_case")]
