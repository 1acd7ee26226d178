"""Users, teams, roles and keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from tightrope.core.actor import Scope


class UserManager(BaseUserManager["User"]):
    """Makes users; `normalize` is one place so that two spellings of an address are one person."""

    def create(self, **fields: Any) -> User:
        password = fields.pop("password", None)
        user = self.model(**{**fields, "email": fields["email"].strip().lower()})
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email or "")


class User(AbstractBaseUser):
    """One person who can sign in: a member of staff, a customer's contact, or both."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=12, default="zh-hans")
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")
    title = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    preferences = models.JSONField(default=dict, blank=True)

    teams: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "Team", through="Membership", related_name="users"
    )
    roles: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "Role", through="Holding", related_name="users"
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        db_table = "people_user"
        constraints = [models.UniqueConstraint(Lower("email"), name="people_user_email_ci")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """Some libraries greet people by this."""
        return self.name


class Region(models.Model):
    """A part of the country that is served together."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        db_table = "people_region"

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who answer for something together: a desk, a department, a branch."""

    class Tier(models.IntegerChoices):
        FIRST = 1, _("Tier 1")
        SECOND = 2, _("Tier 2")
        THIRD = 3, _("Tier 3")

    name = models.CharField(max_length=120, unique=True)
    code = models.SlugField(max_length=40, unique=True)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="teams")
    tier = models.PositiveSmallIntegerField(choices=Tier.choices, default=Tier.FIRST)
    is_department = models.BooleanField(
        default=False, help_text=_("Can be handed cases by other departments.")
    )
    is_open = models.BooleanField(default=True)

    class Meta:
        db_table = "people_team"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person in one team."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    is_lead = models.BooleanField(default=False)

    class Meta:
        db_table = "people_membership"
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="people_membership_once")]


class Role(models.Model):
    """A hat with what it allows. Presets come with a code; a company may change them and add its own."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    rooms = models.JSONField(default=list, blank=True, help_text=_("What the left rail shows, in order."))
    home = models.CharField(max_length=40, blank=True, help_text=_("The start page of this role."))

    class Meta:
        db_table = "people_role"

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """One permission of one role, and how far it reaches."""

    SCOPES = [
        (Scope.OWN.value, _("own")),
        (Scope.TEAM.value, _("team")),
        (Scope.REGION.value, _("region")),
        (Scope.ALL.value, _("all")),
    ]
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="grants")
    permission = models.CharField(max_length=80)
    scope = models.PositiveSmallIntegerField(choices=SCOPES)

    class Meta:
        db_table = "people_grant"
        constraints = [
            models.UniqueConstraint(fields=["role", "permission"], name="people_grant_once"),
            models.CheckConstraint(
                condition=models.Q(scope__in=[s.value for s in Scope]), name="people_grant_scope"
            ),
        ]


class Holding(models.Model):
    """One person wearing one hat."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="holdings")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="holdings")

    class Meta:
        db_table = "people_holding"
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="people_holding_once")]


class ApiKeys(models.QuerySet["ApiKey"]):
    """Keys, and who answers for them."""

    def held_by(self, user: User) -> ApiKeys:
        """The keys that this person made and nobody took over, and those that he took over."""
        return self.annotate(holder=Coalesce("taken_over_by", "made_by")).filter(holder=user.pk)

    def in_use(self, *, at: datetime) -> ApiKeys:
        """The keys that neither were revoked nor have expired."""
        return self.filter(revoked_at=None).exclude(expires_at__lte=at)


class ApiKey(models.Model):
    """A key for another program. Only its hash is kept; it acts with the scopes given to it, as long as the person
    who answers for it works here."""

    class Ending(models.TextChoices):
        """Why a key lets nobody in any more."""

        REVOKED = "revoked"
        EXPIRED = "expired"
        STOPPED = "stopped"

    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, unique=True)
    key_hash = models.CharField(max_length=64)
    grants = models.JSONField(default=dict, help_text=_("Permission to scope."))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    taken_over_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ApiKeys] = ApiKeys.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "people_api_key"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def owner(self) -> User:
        """Who answers for what the program does with it."""
        return self.taken_over_by or self.made_by

    def ending(self, *, at: datetime) -> Ending | None:
        """Why the key lets nobody in at this moment; None while it does."""
        if self.revoked_at:
            return self.Ending.REVOKED
        if self.expires_at and self.expires_at <= at:
            return self.Ending.EXPIRED
        return None if self.owner.is_active else self.Ending.STOPPED


class Installation(models.Model):
    """This installation as a whole, of which there is one and which has no row: the subject of what an
    administrator does to the running program and to nothing in particular."""

    id = models.SmallIntegerField(primary_key=True, default=1)

    class Meta:
        managed = False
        db_table = "people_installation"
