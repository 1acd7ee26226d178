"""The small forms of the acts on several cases at once: which cases are meant, and what the act on one asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from tightrope.cases.act_forms import Handover, Severity, TagList, staff
from tightrope.cases.actions import REJECTIONS
from tightrope.cases.models import Case
from tightrope.people.models import Team, User

AT_MOST = 200
"""So many cases are acted on with one press: each is an act of its own, and the page waits for the last."""


class Chosen(NamedTuple):
    """A case as its row in the list was when it was chosen."""

    public_id: str
    version: int


def chosen_in(values: Iterable[str]) -> list[Chosen]:
    """The cases that the boxes of a list send, each once, in the order of the list."""
    read = (_BOX.fullmatch(value) for value in values)
    found = (Chosen(box["public_id"], int(box["version"])) for box in read if box)
    return list({one.public_id: one for one in found}.values())


_BOX = re.compile(r"(?P<public_id>[A-Za-z0-9_-]{1,22})\.(?P<version>[0-9]{1,9})", re.ASCII)


class ChosenField(forms.Field):
    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[Chosen]:
        chosen = chosen_in(value or [])
        if len(chosen) > AT_MOST:
            raise forms.ValidationError(_("At most %(most)s cases at once."), params={"most": AT_MOST})
        return chosen


class SeveralForm(forms.Form):
    """Knows which cases are meant and on which list they were chosen."""

    case = ChosenField(label=_("Cases"), error_messages={"required": _("Choose at least one case.")})
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    back = forms.CharField(widget=forms.HiddenInput, max_length=1000, required=False)


class AssignSeveral(SeveralForm):
    owner = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.none(), empty_label=_("please choose")
    )
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("each case stays with its own"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = staff()  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.filter(is_open=True).order_by("name")  # type: ignore[attr-defined]


class HandOverSeveral(SeveralForm, Handover):
    """The same for all of them; a department that one of them complains of is refused for that one."""


class SeveritySeveral(SeveralForm, Severity):
    """The same for all of them."""


class TagSeveral(SeveralForm):
    tags = TagList(
        label=_("Tags"), help_text=_("With commas between them. What a case carries already stays on it.")
    )


class RejectSeveral(SeveralForm):
    outcome = forms.ChoiceField(
        label=_("What is it instead?"),
        choices=[(one.value, one.label) for one in REJECTIONS],
        initial=Case.Outcome.SPAM,
        widget=forms.RadioSelect,
        help_text=_("Spam is not answered; whoever else wrote is told."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
