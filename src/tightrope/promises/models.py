"""The ledger: what must happen, by when, to whom, by whom."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tightrope.core.actor import Actor, Scope
from tightrope.core.db import Lockable
from tightrope.core.ids import public_id


class What(models.TextChoices):
    """What is promised."""

    FIRST_RESPONSE = "first_response", _("First response")
    NEXT_RESPONSE = "next_response", _("Next response")
    RESOLUTION = "resolution", _("Resolution")
    HAND_OVER = "hand_over", _("Hand-over")
    ARRIVAL = "arrival", _("Arrival")
    FOLLOW_UP = "follow_up", _("Follow-up call")
    ACTION = "action", _("Action")
    WORD = "word", _("A person's word")


class PromiseKind(models.TextChoices):
    """To whom it is owed. The three are kept apart: a case can keep its contract and miss its word."""

    CUSTOMER = "customer", _("promised to the customer")
    CONTRACT = "contract", _("by contract")
    INTERNAL = "internal", _("internal target")


class State(models.TextChoices):
    RUNNING = "running", _("running")
    KEPT = "kept", _("kept")
    MISSED = "missed", _("missed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REPLACED = "replaced", _("replaced")


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

    class Meta:
        db_table = "promises_policy"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    severity_from__gte=1, severity_to__lte=5, severity_from__lte=models.F("severity_to")
                ),
                name="promises_policy_severity",
            )
        ]

    def __str__(self) -> str:
        return self.name


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
        max_digits=3, decimal_places=2, default="0.25",
        help_text=_("Kept with at least this share of the time left counts as beaten."),
    )  # fmt: skip
    warn = models.JSONField(default=dict, blank=True, help_text=_("Whom to warn at 50, 75 and 100 %."))

    class Meta:
        db_table = "promises_target"
        constraints = [
            models.UniqueConstraint(fields=["policy", "what", "kind"], name="promises_target_once")
        ]


class PromiseSet(Lockable):
    """Promises, always seen through the eyes of a doer."""

    def visible_to(self, by: Actor) -> PromiseSet:
        """What this doer may see: by who is responsible, or by the account's region."""
        from tightrope.customers.models import Account

        if by.is_system:
            return self.all()
        if by.is_customer:
            return self.filter(account_id__in=by.accounts, kind=PromiseKind.CUSTOMER)
        scope = by.scope("promise.view")
        if scope is None:
            return self.none()
        if scope is Scope.ALL:
            return self.all()
        reach = Q(user_id=by.user_id) if by.user_id else Q(pk__in=[])
        if scope >= Scope.TEAM:
            reach |= Q(team_id__in=by.teams)
        if scope >= Scope.REGION:
            reach |= Q(account_id__in=Account.objects.filter(region_id__in=by.regions).values("pk"))
        return self.filter(reach)

    def running(self) -> PromiseSet:
        """Neither kept nor ended, paused or not."""
        return self.filter(kept_at__isnull=True, ended_at__isnull=True)


class Promise(models.Model):
    """One promise. Never overwritten: it is kept, missed (and perhaps kept late), withdrawn or replaced."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    kind = models.CharField(max_length=12, choices=PromiseKind.choices)
    what = models.CharField(max_length=20, choices=What.choices)
    text = models.CharField(max_length=500, blank=True)
    evidence = models.TextField(blank=True)
    account_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    user = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    starts_at = models.DateTimeField(help_text=_("When the customer spoke: the clock runs from here."))
    policy = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="+")
    policy_version = models.PositiveIntegerField(null=True)
    calendar = models.ForeignKey(
        "calendars.WorkCalendar", null=True, on_delete=models.PROTECT, related_name="+"
    )
    zone = models.CharField(max_length=64)
    working_seconds = models.FloatField(
        null=True, help_text=_("Working time granted; null for a word with a date.")
    )
    due_at = models.DateTimeField()
    beaten_share = models.DecimalField(max_digits=3, decimal_places=2, default="0.25")
    warn = models.JSONField(default=dict, blank=True)
    warned = models.PositiveSmallIntegerField(
        default=0, help_text=_("The highest share already warned of, in %.")
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    paused_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)
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
                condition=Q(kept_at__isnull=True, ended_at__isnull=True)
                & ~Q(what__in=["word", "action", "follow_up"]),
                name="promises_one_running",
            ),
            models.CheckConstraint(
                condition=Q(state="kept", kept_at__isnull=False, missed_at__isnull=True)
                | Q(state="missed", missed_at__isnull=False)
                | Q(state="running", kept_at__isnull=True, missed_at__isnull=True, ended_at__isnull=True)
                | Q(state__in=["withdrawn", "replaced"], ended_at__isnull=False, kept_at__isnull=True),
                name="promises_state_is_told_by_times",
            ),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True, margin_working_seconds__isnull=True)
                | Q(kept_at__isnull=False, margin_working_seconds__isnull=False),
                name="promises_margin_iff_kept",
            ),
            models.CheckConstraint(
                condition=Q(next_look_at__isnull=True) | Q(state="running", paused_at__isnull=True),
                name="promises_only_running_clocks_tick",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_look_at"], condition=Q(next_look_at__isnull=False), name="promises_next_look"
            ),
            models.Index(fields=["subject_type", "subject_id"], name="promises_subject"),
            models.Index(fields=["account_id", "-due_at", "-id"], name="promises_account"),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(kept_at__isnull=True, ended_at__isnull=True),
                name="promises_due",
            ),
            models.Index(fields=["kind", "what", "-due_at", "-id"], name="promises_ledger"),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} ({self.get_kind_display()})"

    @property
    def is_running(self) -> bool:
        return self.kept_at is None and self.ended_at is None

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None


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
