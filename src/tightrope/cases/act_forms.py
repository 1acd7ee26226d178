"""The small forms of the acts on one case. Each is made for a case as one doer sees it."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from tightrope.cases import queries, whom
from tightrope.cases.actions import REJECTIONS
from tightrope.cases.models import Case, Category
from tightrope.cases.wording import path_of
from tightrope.channels.models import Message
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.customers import queries as customers
from tightrope.customers.models import Account
from tightrope.people.models import Team, User
from tightrope.promises.forms import source_field
from tightrope.ui import format as written

Lines = forms.Textarea(attrs={"rows": 3})


class CaseForm(forms.Form):
    """Knows its case and its doer; begins with what the case has now."""

    starts_with: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *, case: Case, by: Actor, **options: Any) -> None:
        self.case, self.by = case, by
        initial = {name: getattr(case, name) for name in self.starts_with}
        super().__init__(data, initial=initial | options.pop("initial", {}), **options)


def staff() -> Any:
    """People who work here and may be given a case, by name."""
    return User.objects.filter(is_active=True, holdings__isnull=False).distinct().order_by("name", "pk")


class AssignForm(CaseForm):
    starts_with = ("owner", "team", "version")
    owner = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.none(), required=False, empty_label=_("nobody in particular")
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("no team")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = staff()  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.filter(is_open=True).order_by("name")  # type: ignore[attr-defined]


class TeamChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.get_tier_display()}"


class Handover(forms.Form):
    """To whom, and why: asked for one case or for several."""

    team = TeamChoice(label=_("To whom"), queryset=Team.objects.none(), empty_label=_("please choose"))
    reason = forms.CharField(label=_("Why, and what they should know"), max_length=2000, widget=Lines)
    source = source_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        teams = Team.objects.filter(is_open=True).order_by("-is_department", "tier", "name")
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]


class HandOverForm(CaseForm, Handover):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["team"]
        choice.queryset = choice.queryset.exclude(pk=self.case.accused_team_id or 0)


class WaitForm(CaseForm):
    waiting_for = forms.CharField(label=_("What do we need from the customer?"), max_length=300)
    source = source_field()


class CategoryChoice(forms.ModelChoiceField):
    """Categories with their path, in the order of the tree."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Category.objects.none(), **options)

    def label_from_instance(self, obj: Any) -> str:
        return path_of(obj)


def open_categories() -> Any:
    """What a case can be filed under."""
    return Category.objects.filter(is_open=True).select_related("parent").order_by("sort", "code")


class SolveForm(CaseForm):
    solution = forms.ChoiceField(
        label=_("How was it solved?"),
        choices=Case.Solution.choices,
        initial="answer",
        widget=forms.RadioSelect,
    )
    despite_children = forms.CharField(label=_("Why it ends before them"), max_length=300, required=False)
    call = forms.BooleanField(
        label=_("Call the customer as well"),
        required=False,
        help_text=_("The call is planned for you, within one working day."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.case.type == Case.Type.COMPLAINT:
            del self.fields["call"]  # a complaint is called about without being asked
        numbers = queries.open_children_of(self.case)
        if not numbers:
            del self.fields["despite_children"]
            return
        self.fields["despite_children"].required = True
        self.fields["despite_children"].help_text = _("Still open below this case: %(numbers)s.") % {
            "numbers": ", ".join(numbers)
        }


class ParentForm(CaseForm):
    """The parent by its number, as people say it on the phone."""

    number = forms.CharField(
        label=_("Number of the other case"), max_length=20, help_text=_("For example C-10293.")
    )

    def clean_number(self) -> Case:
        found = queries.find_by_number(self.cleaned_data["number"], by=self.by)
        if found is None:
            raise forms.ValidationError(_("You see no case of this number."))
        return found


class SplitForm(CaseForm):
    """Which words of the customer are about something else, and what that is."""

    words = forms.MultipleChoiceField(
        label=_("What the customer said about it"), widget=forms.CheckboxSelectMultiple
    )
    title = forms.CharField(label=_("What the second case is about"), max_length=200)
    category = CategoryChoice(label=_("Category"), required=False, empty_label=_("as in this case"))
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, initial={"form_token": secrets.token_urlsafe(16)}, **options)
        self.said = {str(word.pk): word for word in queries.words_of_customer(self.case)}
        self.fields["words"].choices = [  # type: ignore[attr-defined]
            (pk, f"{written.moment(word.at, now=clock.now())} · {Truncator(word.text).chars(160)}")
            for pk, word in self.said.items()
        ]
        self.fields["category"].queryset = open_categories()  # type: ignore[attr-defined]

    def clean_words(self) -> list[Message]:
        return [self.said[pk] for pk in self.cleaned_data["words"]]


class ReasonForm(CaseForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=Lines)


class Severity(forms.Form):
    """How severe it is, and why: asked for one case or for several."""

    impact = forms.TypedChoiceField(
        label=_("Impact: how much stands still?"),
        choices=Case.Level.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
    urgency = forms.TypedChoiceField(
        label=_("Urgency: how soon does it hurt?"),
        choices=Case.Level.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why"), max_length=500, widget=Lines)


class SeverityForm(CaseForm, Severity):
    starts_with = ("impact", "urgency")


class CategoryForm(CaseForm):
    starts_with = ("category",)
    category = CategoryChoice(label=_("Category"), empty_label=_("please choose"))
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].queryset = open_categories()  # type: ignore[attr-defined]


class TitleForm(CaseForm):
    starts_with = ("title", "version")
    title = forms.CharField(label=_("Title"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class TagList(forms.CharField):
    """Words with commas of any script between them."""

    def to_python(self, value: Any) -> Any:
        return [tag for raw in re.split(r"[,，、;；\n]", value or "") if (tag := raw.strip())]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class TagsForm(CaseForm):
    starts_with = ("tags",)
    tags = TagList(label=_("Tags"), required=False, help_text=_("With commas between them."))


class CustomerForm(CaseForm):
    """The accounts that fit the sender, and those that fit what is typed: a stranger often fits none."""

    account = forms.ModelChoiceField(
        label=_("Customer"),
        queryset=Account.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose which of these it is.")},
    )
    q = forms.CharField(
        label=_("Look for a customer"),
        help_text=_("Name, phone number, mail address or customer number."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        found = whom.accounts_meant(str(self.data.get("q", "")), by=self.by)
        self.offered = {one.pk: (one.pk, f"{one.name} · {one.number}") for one in found}
        self.offered |= {
            one.account.pk: (
                one.account.pk,
                f"{one.account.name} · {one.account.number} · {', '.join(one.reasons)}",
            )
            for one in self._fitting()
        }
        field: Any = self.fields["account"]
        field.queryset = Account.objects.visible_to(self.by).filter(merged_into__isnull=True)
        field.choices = list(self.offered.values())
        if not self.offered:
            field.widget = forms.HiddenInput()

    def _fitting(self) -> list[customers.Suggestion]:
        contact = self.case.contact
        return customers.suggest_accounts(
            name=contact.name if contact else self.case.title,
            addresses=list(contact.addresses.values_list("kind", "value")) if contact else [],
            by=self.by,
            limit=8,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.offered and cleaned.get("account") is None:
            self.errors.pop("account", None)  # there was nothing to choose from
            nobody = _("No customer fits this. Open the customer first, then join the case.")
            self.add_error("q", nobody if cleaned.get("q") else _("Say whose case it is."))
        return cleaned


class RejectForm(CaseForm):
    outcome = forms.ChoiceField(
        label=_("What is it instead?"),
        choices=[(one.value, one.label) for one in REJECTIONS],
        initial=Case.Outcome.SPAM,
        widget=forms.RadioSelect,
        help_text=_("Spam is not answered; whoever else wrote is told."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ComplaintForm(CaseForm):
    accused = forms.ModelChoiceField(
        label=_("Which department is it about?"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("none in particular"),
    )
    reason = forms.CharField(label=_("What is complained about"), max_length=500, widget=Lines)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("accused", self.case.accused_team_id)
        self.fields["accused"].queryset = Team.objects.filter(is_open=True).order_by("name")  # type: ignore[attr-defined]


class CauseForm(CaseForm):
    starts_with = ("cause", "prevention")
    cause = forms.CharField(label=_("What caused it"), max_length=4000, widget=Lines)
    prevention = forms.CharField(label=_("What keeps it from happening again"), max_length=4000, widget=Lines)
