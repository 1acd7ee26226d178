"""Shape and cleaning of what is typed about promises and policies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tightrope.calendars.models import WorkCalendar
from tightrope.customers.models import Account
from tightrope.people.models import Team, User
from tightrope.promises import explain
from tightrope.promises.actions import TargetTerms
from tightrope.promises.models import Policy, PromiseKind, Source, Target, What

AT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
ANYBODY = pgettext_lazy("a choice", "nobody named")
GIVEN_BY_HAND = (What.WORD, What.ACTION, What.FOLLOW_UP, What.ARRIVAL)
"""What a person may promise on the page of the ledger; calls are planned on their case, with their attempts."""


def _people() -> list[tuple[str, str]]:
    rows = User.objects.filter(is_active=True, roles__isnull=False).distinct().order_by("name")[:500]
    return [("", str(ANYBODY)), *((str(row.pk), row.name) for row in rows)]


def _teams() -> list[tuple[str, str]]:
    rows = Team.objects.filter(is_open=True).order_by("name")
    return [("", str(ANYBODY)), *((str(row.pk), row.name) for row in rows)]


class Responsible(forms.Form):
    """Who answers for it."""

    user = forms.ChoiceField(label=gettext_lazy("Who answers for it"), required=False)
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = _people()  # type: ignore[attr-defined]
        self.fields["team"].choices = _teams()  # type: ignore[attr-defined]

    @property
    def user_id(self) -> int | None:
        return int(self.cleaned_data["user"]) if self.cleaned_data["user"] else None

    @property
    def team_id(self) -> int | None:
        return int(self.cleaned_data["team"]) if self.cleaned_data["team"] else None


class WordForm(Responsible):
    """A person's word about a customer or a case."""

    form_token = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("What is promised"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("In the words in which it was said."),
    )
    due_at = forms.DateTimeField(label=gettext_lazy("Until when"), widget=AT)
    what = forms.ChoiceField(
        label=gettext_lazy("What sort of promise"),
        choices=[(what.value, what.label) for what in GIVEN_BY_HAND],
        initial=What.WORD,
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("of a promise", "To whom"),
        choices=PromiseKind.choices,
        initial=PromiseKind.CUSTOMER,
    )
    evidence = forms.CharField(
        label=gettext_lazy("How do we know"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The mail, the call, the page of the contract: for colleagues only."),
    )
    field_order = ["form_token", "text", "due_at", "what", "kind", "user", "team", "evidence"]


def source_field() -> forms.TypedChoiceField:
    """On whose instruction somebody puts off, waits or hands over."""
    return forms.TypedChoiceField(
        label=gettext_lazy("On whose instruction"),
        choices=Source.choices,
        coerce=Source,
        initial=Source.SELF,
        required=False,
        empty_value=Source.SELF,
        help_text=gettext_lazy("For colleagues only; it says where delays begin."),
    )


class ReplacementForm(forms.Form):
    due_at = forms.DateTimeField(label=gettext_lazy("The new time"), widget=AT)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("When it was promised to the customer, the customer reads this."),
    )
    source = source_field()


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("When it was promised to the customer, the customer reads this."),
    )


class PolicyForm(forms.Form):
    """For which cases a policy is meant."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    is_active = forms.BooleanField(label=gettext_lazy("In force"), required=False, initial=True)
    severity_from = forms.IntegerField(
        label=gettext_lazy("Priority from"), min_value=1, max_value=5, initial=1,
        help_text=gettext_lazy("1 is the most urgent."),
    )  # fmt: skip
    severity_to = forms.IntegerField(label=gettext_lazy("to"), min_value=1, max_value=5, initial=5)
    importance_from = forms.TypedChoiceField(
        label=gettext_lazy("Customer's importance at least"),
        coerce=int,
        choices=Account.Importance.choices,
        initial=1,
    )
    category_ids = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only these categories"), coerce=int, required=False,
        help_text=gettext_lazy("None chosen means all. A category includes those below it."),
    )  # fmt: skip
    case_types = forms.MultipleChoiceField(
        label=gettext_lazy("Only these types"), required=False, widget=forms.CheckboxSelectMultiple
    )
    tiers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only these tiers"), coerce=int, required=False, choices=Team.Tier.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    accounts = forms.CharField(
        label=gettext_lazy("Only these customers"), required=False,
        help_text=gettext_lazy("Their numbers, with commas between them. None means all."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category_ids"].choices = list(explain.categories().items())  # type: ignore[attr-defined]
        self.fields["case_types"].choices = explain.case_types()  # type: ignore[attr-defined]

    def clean_accounts(self) -> list[int]:
        asked = [
            one.strip() for one in self.cleaned_data["accounts"].replace("，", ",").split(",") if one.strip()
        ]
        found = dict(Account.objects.filter(number__in=asked).values_list("number", "pk"))
        if unknown := [one for one in asked if one not in found]:
            raise forms.ValidationError(_("There is no customer with the number %(n)s.") % {"n": unknown[0]})
        return [found[one] for one in asked]

    @property
    def conditions(self) -> dict[str, Any]:
        names = ("severity_from", "severity_to", "importance_from", "category_ids", "case_types", "tiers")
        return {name: self.cleaned_data[name] for name in names} | {
            "account_ids": self.cleaned_data["accounts"]
        }

    @staticmethod
    def initial_of(policy: Policy) -> dict[str, Any]:
        """The form as a policy stands."""
        numbers = Account.objects.filter(pk__in=policy.account_ids).values_list("number", flat=True)
        names = ("version", "name", "is_active", "severity_from", "severity_to", "importance_from",
                 "category_ids", "case_types", "tiers")  # fmt: skip
        return {name: getattr(policy, name) for name in names} | {"accounts": ", ".join(numbers)}


WARN_CHOICES = [
    ("", gettext_lazy("nobody")),
    ("owner", gettext_lazy("who answers for it")),
    ("owner,lead", gettext_lazy("who answers for it, and the lead")),
    ("lead", gettext_lazy("the lead")),
    ("lead,manager", gettext_lazy("the lead and the manager")),
    ("owner,lead,manager", gettext_lazy("who answers for it, the lead and the manager")),
]


class TargetForm(forms.Form):
    """One promise of a policy. Left without hours it is no promise."""

    what = forms.ChoiceField(label=gettext_lazy("What"), choices=What.choices)
    kind = forms.ChoiceField(label=pgettext_lazy("of a promise", "To whom"), choices=PromiseKind.choices)
    hours = forms.DecimalField(
        label=gettext_lazy("Working hours"), required=False, min_value=Decimal("0.01"), max_value=Decimal(9999),
        max_digits=7, decimal_places=3, widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("Working calendar"), required=False, queryset=WorkCalendar.objects.order_by("name"),
        empty_label=gettext_lazy("the company's"),
    )  # fmt: skip
    beaten = forms.IntegerField(
        label=gettext_lazy("Beaten with % left"), min_value=0, max_value=100, initial=25, required=False
    )
    warn_50 = forms.ChoiceField(label=gettext_lazy("At 50 % warn"), required=False)
    warn_75 = forms.ChoiceField(label=gettext_lazy("At 75 % warn"), required=False)
    warn_100 = forms.ChoiceField(label=gettext_lazy("When due warn"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for share in ("50", "75", "100"):
            choices = list(WARN_CHOICES)
            standing = (self.initial or {}).get(f"warn_{share}", "")
            if standing not in dict(choices):
                choices.append((standing, standing.replace(",", ", ")))
            self.fields[f"warn_{share}"].choices = choices  # type: ignore[attr-defined]

    @property
    def terms(self) -> TargetTerms | None:
        said = self.cleaned_data
        if not said.get("hours"):
            return None
        beaten = said["beaten"] if said["beaten"] is not None else 25
        return TargetTerms(
            what=What(said["what"]),
            kind=PromiseKind(said["kind"]),
            working_seconds=round(said["hours"] * 3600),
            calendar_id=said["calendar"].pk if said["calendar"] else None,
            beaten_share=Decimal(beaten) / 100,
            warn={
                share: said[f"warn_{share}"].split(",")
                for share in ("50", "75", "100")
                if said[f"warn_{share}"]
            },
        )

    @staticmethod
    def initial_of(target: Target) -> dict[str, Any]:
        """The form as a target stands."""
        return {
            "what": target.what,
            "kind": target.kind,
            "hours": (Decimal(target.working_seconds) / 3600).quantize(Decimal("0.001")).normalize(),
            "calendar": target.calendar_id,
            "beaten": round(target.beaten_share * 100),
        } | {f"warn_{share}": ",".join(target.warn.get(share, ())) for share in ("50", "75", "100")}


class TryForm(forms.Form):
    """A case like this: what would it be promised?"""

    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    severity = forms.IntegerField(label=gettext_lazy("Priority"), min_value=1, max_value=5, initial=3)
    case_type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    account = forms.CharField(label=gettext_lazy("Customer's number"), required=False)
    tier = forms.TypedChoiceField(
        label=gettext_lazy("Tier"), coerce=int, choices=Team.Tier.choices, initial=1
    )
    told_at = forms.DateTimeField(label=gettext_lazy("The customer spoke"), widget=AT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = ("", pgettext_lazy("a choice", "any"))
        self.fields["category"].choices = [anything, *explain.categories().items()]  # type: ignore[attr-defined]
        self.fields["case_type"].choices = [anything, *explain.case_types()]  # type: ignore[attr-defined]
