"""Whom we serve: accounts, their contacts and addresses, their sites."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tightrope.core.actor import Actor, Scope
from tightrope.core.db import Lockable
from tightrope.core.ids import public_id
from tightrope.people.access import within_scope


class AccountRows(Lockable):
    def visible_to(self, by: Actor) -> Self:
        """The accounts this doer may see: staff by scope, a contact his own, anybody else none."""
        if by.is_staff or by.is_system:
            return self.filter(within_scope(by, "customer.view"))
        return self.filter(pk__in=by.accounts)


class Account(models.Model):
    """One customer, a company or a person: the root on which contacts, cases, devices and promises hang.

    An account that was merged into another points to it by `merged_into` and keeps everything of its own,
    so that taking the two apart again is exact.
    """

    class Kind(models.TextChoices):
        COMPANY = "company", pgettext_lazy("kind of customer", "Company")
        PERSON = "person", pgettext_lazy("kind of customer", "Person")

    class Importance(models.IntegerChoices):
        NORMAL = 1, pgettext_lazy("importance", "Normal")
        IMPORTANT = 2, pgettext_lazy("importance", "Important")
        KEY = 3, pgettext_lazy("importance", "Key account")

    class Stage(models.TextChoices):
        PROSPECT = "prospect", _("Prospect")
        ORDERED = "ordered", _("Ordered")
        INSTALLED = "installed", _("Under warranty")
        OUT_OF_WARRANTY = "out_of_warranty", _("Out of warranty")
        RENEWED = "renewed", _("Renewed")
        LOST = "lost", _("Lost")

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=200, db_collation="C")
    match_key = models.CharField(max_length=200, db_collation="C")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    language = models.CharField(max_length=12, default="zh-hans")
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")
    region = models.ForeignKey(
        "people.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    owner = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    team = models.ForeignKey(
        "people.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    importance = models.PositiveSmallIntegerField(choices=Importance.choices, default=Importance.NORMAL)
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.INSTALLED)
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    answers = models.JSONField(default=dict, blank=True, help_text=_("Custom fields."))
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed"
    )
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    """When the customer last confirmed that what we have on file is right."""

    objects: ClassVar[AccountRows] = AccountRows.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "customers_account"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(importance__in=[1, 2, 3]), name="customers_account_importance"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["company", "person"]), name="customers_account_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="customers_account_not_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], condition=models.Q(merged_into__isnull=True), name="customers_account_by_name"),
            # Pages are read with nulls last; only an index of the same order serves "newest first" without a sort.
            models.Index(models.F("id").desc(nulls_last=True), condition=models.Q(merged_into__isnull=True), name="customers_account_newest"),
            models.Index(fields=["owner", "sort_key", "id"], name="customers_account_by_owner"),
            models.Index(fields=["region", "sort_key", "id"], name="customers_account_by_region"),
            models.Index(fields=["team", "sort_key", "id"], name="customers_account_by_team"),
            models.Index(fields=["importance", "sort_key", "id"], name="customers_account_by_weight"),
            models.Index(fields=["stage", "sort_key", "id"], name="customers_account_by_stage"),
            models.Index(fields=["match_key"], name="customers_account_match"),
            GinIndex(fields=["match_key"], opclasses=["gin_trgm_ops"], name="customers_account_alike"),
            GinIndex(fields=["tags"], name="customers_account_tags"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_merged(self) -> bool:
        return self.merged_into_id is not None


class Tag(models.Model):
    """A word that some account carries or carried: what the filter and the form offer."""

    name = models.CharField(max_length=60, primary_key=True)

    class Meta:
        db_table = "customers_tag"

    def __str__(self) -> str:
        return self.name


class ExternalId(models.Model):
    """What another system (ERP, shop, WeChat service account) calls an account."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="external_ids")
    system = models.SlugField(max_length=40)
    value = models.CharField(max_length=120)

    class Meta:
        db_table = "customers_external_id"
        constraints = [
            models.UniqueConstraint(fields=["system", "value"], name="customers_external_id_once"),
            models.UniqueConstraint(fields=["account", "system"], name="customers_external_id_one_a_system"),
        ]

    def __str__(self) -> str:
        return f"{self.system}: {self.value}"


LONGEST_NAME = 120
"""Of a contact: what a company or a stranger calls itself may be longer."""


class ContactRows(Lockable):
    def visible_to(self, by: Actor) -> Self:
        """Contacts of visible accounts. Those of no account yet are seen by whoever sees a team's or more."""
        if by.is_staff or by.is_system:
            reach = within_scope(
                by, "customer.view", user="account__owner", team="account__team", region="account__region"
            )
            # The widest reach is an empty condition; anything joined to it by "or" would narrow it.
            if by.scope("customer.view") in {Scope.TEAM, Scope.REGION}:
                reach |= models.Q(account__isnull=True)
            return self.filter(reach)
        own = models.Q(pk=by.contact) if by.contact is not None else models.Q(pk__in=[])
        return self.filter(own | models.Q(account__in=by.sees_colleagues & by.accounts))


class Contact(models.Model):
    """One person we speak with. Somebody who wrote to us and is not yet joined to an account has none."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts"
    )
    name = models.CharField(max_length=LONGEST_NAME)
    position = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=12, default="zh-hans")
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")
    user = models.OneToOneField(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="contact"
    )
    sees_colleagues = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When he last said that name and position are right.")
    )

    objects: ClassVar[ContactRows] = ContactRows.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "customers_contact"
        indexes = [
            models.Index(fields=["account", "name"], name="customers_contact_account"),
            models.Index(
                fields=["-id"], condition=models.Q(account__isnull=True), name="customers_contact_unjoined"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """One way to reach a contact, kept in one spelling so that two spellings are one address."""

    class Kind(models.TextChoices):
        MAIL = "mail", pgettext_lazy("kind of address", "Mail")
        PHONE = "phone", _("Phone")
        WECHAT = "wechat", _("WeChat")
        OTHER = "other", pgettext_lazy("kind of address", "Other")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=254)
    is_primary = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the person last said that it still leads to him.")
    )

    class Meta:
        db_table = "customers_address"
        constraints = [
            # One switchboard number may lead to several people; a mailbox or WeChat id is one person's.
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=models.Q(kind__in=["mail", "wechat"]),
                name="customers_address_one_person",
            ),
            models.UniqueConstraint(fields=["contact", "kind", "value"], name="customers_address_once"),
            models.UniqueConstraint(
                fields=["contact", "kind"],
                condition=models.Q(is_primary=True),
                name="customers_address_primary",
            ),
        ]
        indexes = [models.Index(fields=["kind", "value"], name="customers_address_value")]

    def __str__(self) -> str:
        return self.value


class Site(models.Model):
    """A place where something of the customer stands and where we come."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=300)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "customers_site"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="customers_site_place",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Merge(models.Model):
    """Two accounts found to be one customer, and whether that was taken back."""

    keep = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="merges")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "customers_merge"
        constraints = [
            models.UniqueConstraint(
                fields=["gone"],
                condition=models.Q(undone_at__isnull=True),
                name="customers_merge_one_standing",
            )
        ]


class Separate(models.Model):
    """Somebody looked: these two accounts are alike and are two customers. Not suggested again."""

    first = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "customers_separate"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="customers_separate_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="customers_separate_order"
            ),
        ]


class StageSpell(models.Model):
    """How long an account was in one stage of its life with us."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="spells")
    stage = models.CharField(max_length=16, choices=Account.Stage.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "customers_stage_spell"
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(until__isnull=True), name="customers_stage_spell_open"
            )
        ]
        indexes = [models.Index(fields=["stage", "until"], name="customers_stage_spell_stage")]
