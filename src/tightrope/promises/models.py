"""The ledger: what must happen, by when, to whom, by whom.

How a promise ends. While `kept_at` and `ended_at` are empty it is owed. It is *kept* when it was done by the
due instant. It is *missed* once the due instant has passed; it is still owed then, and doing it late sets
`kept_at` with a negative margin while the state stays missed. *Withdrawn* and *replaced* end it before its
time; ending one that was already missed leaves it missed.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tightrope.core.actor import Actor, Scope
from tightrope.core.db import Lockable
from tightrope.core.ids import public_id
from tightrope.customers.models import Account


class What(models.TextChoices):
    """What is promised."""

    FIRST_RESPONSE = "first_response", _("First response")
    NEXT_RESPONSE = "next_response", _("Next response")
    RESOLUTION = "resolution", _("Resolution")
    UPDATE = "update", _("Progress report")
    HAND_OVER = "hand_over", _("Hand-over")
    RETURN_CALL = "return_call", _("Return call")
    ARRIVAL = "arrival", _("Arrival")
    FOLLOW_UP = "follow_up", _("Follow-up call")
    CALL = "call", pgettext_lazy("promise", "Call")
    ACTION = "action", _("Action")
    WORD = "word", _("A person's word")


PERSONAL = (What.WORD, What.ACTION, What.FOLLOW_UP, What.CALL)
"""What a person gives his word for, by name and date. Several may run side by side about one thing; they do
not pass on with it to another owner, and waiting for the customer does not move them."""


class PromiseKind(models.TextChoices):
    """To whom it is owed. The three are kept apart: a case can keep its contract and miss its word."""

    CUSTOMER = "customer", _("promised to the customer")
    CONTRACT = "contract", _("by contract")
    INTERNAL = "internal", _("internal target")


class Source(models.TextChoices):
    """On whose instruction somebody put a time off, set waiting or handed over."""

    SELF = "self", _("by oneself")
    SUPERIOR = "superior", _("a superior")
    DEPARTMENT = "department", _("another department")
    CUSTOMER = "customer", _("the customer")
    SUPPLIER = "supplier", _("a supplier")


class State(models.TextChoices):
    RUNNING = "running", pgettext_lazy("promise", "running")
    KEPT = "kept", pgettext_lazy("promise", "kept")
    MISSED = "missed", pgettext_lazy("promise", "missed")
    WITHDRAWN = "withdrawn", pgettext_lazy("promise", "withdrawn")
    REPLACED = "replaced", pgettext_lazy("promise", "replaced")


class Policy(models.Model):
    """A rule of the company: which cases get which promises. The most specific one that fits applies."""

    name = models.CharField(max_length=120, unique=True)
    category_ids = models.JSONField(default=list, blank=True)
    severity_from = models.PositiveSmallIntegerField(default=1)
    severity_to = models.PositiveSmallIntegerField(default=5)
    importance_from = models.PositiveSmallIntegerField(default=1)
    account_ids = models.JSONField(default=list, blank=True)
    case_types = models.JSONField(default=list, blank=True)
    tiers = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Lockable] = Lockable.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "promises_policy"
        constraints = [
            models.CheckConstraint(
                condition=Q(severity_from__gte=1, severity_to__lte=5)
                & Q(severity_from__lte=models.F("severity_to")),
                name="promises_policy_severity",
            ),
            models.CheckConstraint(
                condition=Q(importance_from__range=(1, 3)), name="promises_policy_importance"
            ),
        ]

    def __str__(self) -> str:
        return self.name


OWED = Q(kept_at=None, ended_at=None)
"""Neither kept nor ended."""


class Target(models.Model):
    """One promise that a policy gives: so much working time, by which calendar, who is warned when."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="targets")
    what = models.CharField(max_length=20, choices=What.choices)
    kind = models.CharField(max_length=12, choices=PromiseKind.choices)
    working_seconds = models.PositiveIntegerField()
    calendar = models.ForeignKey(
        "calendars.WorkCalendar", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    beaten_share = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.25"),
        help_text=_("Kept with at least this share of the time left counts as beaten."),
    )
    beaten_seconds = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Or: kept this much working time before it was due.")
    )
    warn = models.JSONField(default=dict, blank=True, help_text=_("Whom to warn at 50, 75 and 100 %."))

    class Meta:
        db_table = "promises_target"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "what", "kind"], name="promises_target_once"),
            models.CheckConstraint(condition=Q(working_seconds__gt=0), name="promises_target_has_time"),
            models.CheckConstraint(condition=Q(beaten_share__range=(0, 1)), name="promises_target_share"),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} ({self.get_kind_display()})"


class PromiseSet(Lockable):
    """Promises, always seen through the eyes of a doer."""

    def visible_to(self, by: Actor) -> PromiseSet:
        """What this doer may see.

        Staff by who is responsible or gave the word, or by the account's region. A customer's contact sees here
        what was promised to accounts whose every case he may see, the holder of a link that of his one case;
        what concerns a contact's own case is read through the door of that case.
        """
        if by.is_system:
            return self.all()
        if not by.is_staff:
            to_them = Q(account_id__in=by.accounts & by.sees_colleagues)
            if by.case is not None:
                to_them |= Q(subject_type="case", subject_id=by.case)
            return self.filter(to_them, kind=PromiseKind.CUSTOMER) if by.is_customer else self.none()
        scope = by.scope("promise.view")
        if scope is None:
            return self.none()
        if scope is Scope.ALL:
            return self.all()
        reach = Q(pk__in=[])
        if by.user_id is not None:
            reach = Q(user_id=by.user_id) | Q(maker_id=by.user_id)
        if scope >= Scope.TEAM:
            reach |= Q(team_id__in=by.teams)
        if scope >= Scope.REGION:
            reach |= Q(account_id__in=Account.objects.filter(region_id__in=by.regions).values("pk"))
        return self.filter(reach)

    def about(self, subject_type: str, subject_id: int) -> PromiseSet:
        """What was promised about one thing."""
        return self.filter(subject_type=subject_type, subject_id=subject_id)

    def running(self) -> PromiseSet:
        """What is still owed: neither kept nor ended, paused, late or not."""
        return self.filter(kept_at__isnull=True, ended_at__isnull=True)


class Promise(models.Model):
    """One promise. Never overwritten: it is kept, missed (and perhaps kept late), withdrawn or replaced."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    kind = models.CharField(max_length=12, choices=PromiseKind.choices)
    what = models.CharField(max_length=20, choices=What.choices)
    text = models.CharField(max_length=500, blank=True, help_text=_("What was said."))
    evidence = models.TextField(blank=True, help_text=_("How we know: the mail, the call, the contract."))
    account = models.ForeignKey(
        "customers.Account", null=True, on_delete=models.PROTECT, related_name="promises", db_index=False
    )
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    user = models.ForeignKey(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    maker = models.ForeignKey(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    starts_at = models.DateTimeField(help_text=_("When the customer spoke: the clock runs from here."))
    policy = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    policy_version = models.PositiveIntegerField(null=True)
    calendar = models.ForeignKey(
        "calendars.WorkCalendar", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    calendar_key = models.CharField(
        max_length=64,
        help_text=_("Names the hours and holidays it was reckoned by; empty after they changed."),
    )
    zone = models.CharField(max_length=64)
    working_seconds = models.FloatField(
        null=True, help_text=_("Working time granted; null for a word with a date.")
    )
    due_at = models.DateTimeField()
    beaten_share = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("0.25"))
    beaten_seconds = models.PositiveIntegerField(null=True)
    warn = models.JSONField(default=dict, blank=True)
    warned = models.PositiveSmallIntegerField(
        default=0, help_text=_("The highest share already warned of, in %.")
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    paused_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(
        null=True, help_text=_("When it was decided: kept, or due and not kept. The period it counts in.")
    )
    ended_at = models.DateTimeField(null=True, help_text=_("When it was withdrawn or replaced."))
    end_reason = models.CharField(max_length=500, blank=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaces")
    margin_working_seconds = models.FloatField(
        null=True, help_text=_("Between keeping and due; positive when early.")
    )
    margin_seconds = models.FloatField(null=True)
    is_beaten = models.BooleanField(default=False)
    next_look_at = models.DateTimeField(null=True, help_text=_("When its clock has something to say next."))

    objects: ClassVar[PromiseSet] = PromiseSet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "promises_promise"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind", "what"],
                condition=OWED & ~Q(what__in=PERSONAL),
                name="promises_one_running",
            ),
            models.CheckConstraint(
                condition=Q(state="running", kept_at=None, missed_at=None, ended_at=None)
                | Q(state="kept", kept_at__isnull=False, missed_at=None, ended_at=None)
                | Q(state="missed", missed_at__isnull=False)
                | Q(
                    state__in=["withdrawn", "replaced"], ended_at__isnull=False, kept_at=None, missed_at=None
                ),
                name="promises_state_is_told_by_times",
            ),
            models.CheckConstraint(
                condition=Q(kept_at=None) | Q(ended_at=None), name="promises_kept_or_ended_not_both"
            ),
            models.CheckConstraint(
                condition=Q(kept_at=None, margin_working_seconds=None, margin_seconds=None)
                | Q(
                    kept_at__isnull=False,
                    margin_working_seconds__isnull=False,
                    margin_seconds__isnull=False,
                ),
                name="promises_margin_iff_kept",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["kept", "missed"], settled_at__isnull=False)
                | (~Q(state__in=["kept", "missed"]) & Q(settled_at=None)),
                name="promises_settled_iff_decided",
            ),
            models.CheckConstraint(
                condition=Q(is_beaten=False) | Q(state="kept"), name="promises_beaten_is_kept"
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | Q(state="running"), name="promises_paused_is_running"
            ),
            models.CheckConstraint(
                condition=Q(state="running", paused_at=None, next_look_at__isnull=False)
                | ((~Q(state="running") | Q(paused_at__isnull=False)) & Q(next_look_at=None)),
                name="promises_running_clocks_tick",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(ended_at__isnull=False), name="promises_replaced_has_ended"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_look_at", "id"],
                condition=Q(next_look_at__isnull=False),
                name="promises_next_look",
            ),
            models.Index(fields=["subject_type", "subject_id"], name="promises_subject"),
            models.Index(fields=["due_at", "id"], condition=OWED & Q(paused_at=None), name="promises_due"),
            models.Index(
                fields=["user", "due_at", "id"],
                condition=OWED & Q(paused_at=None),
                name="promises_due_by_user",
            ),
            models.Index(
                fields=["team", "due_at", "id"],
                condition=OWED & Q(paused_at=None),
                name="promises_due_by_team",
            ),
            models.Index(
                fields=["paused_at", "id"], condition=Q(paused_at__isnull=False), name="promises_paused"
            ),
            models.Index(
                fields=["-settled_at", "-id"], condition=Q(settled_at__isnull=False), name="promises_settled"
            ),
            models.Index(fields=["account", "-due_at", "-id"], name="promises_account"),
            models.Index(
                fields=["maker", "-made_at", "-id"], condition=Q(maker__isnull=False), name="promises_maker"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} ({self.get_kind_display()})"

    @property
    def is_running(self) -> bool:
        """Whether it is still owed, late or not."""
        return self.kept_at is None and self.ended_at is None

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def is_public(self) -> bool:
        """Whether the customer may know of it."""
        return self.kind == PromiseKind.CUSTOMER

    @property
    def shown_margin_seconds(self) -> float | None:
        """The margin as people read it: working time, or plain time when no work lay between."""
        if self.margin_working_seconds is None or abs(self.margin_working_seconds) >= 60:
            return self.margin_working_seconds
        return self.margin_seconds

    def is_late(self, at: datetime) -> bool:
        """Whether it is owed and its time has passed."""
        return self.is_running and not self.is_paused and self.due_at <= at


class Pause(models.Model):
    """One stretch in which a promise's clock stood still, with the reason."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="pauses")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300)

    class Meta:
        db_table = "promises_pause"
        ordering = ["from_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["promise"], condition=Q(until_at__isnull=True), name="promises_pause_one_open"
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=models.F("from_at")),
                name="promises_pause_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
