"""The forms by which the desk is set up. Company text is asked for in the three languages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tightrope.cases.act_forms import CategoryChoice
from tightrope.cases.models import CannedReply, Case, Category
from tightrope.fields import queries as fields
from tightrope.people.models import Team

LANGUAGES = (
    ("en", _("in English")),
    ("zh-hans", _("in Simplified Chinese")),
    ("zh-hant", _("in Traditional Chinese")),
)


class InThreeLanguages(forms.Form):
    """A row of the set-up. Its texts stand once for each language: `name_en`, `name_zh_hans`, `name_zh_hant`; every
    other field is called as the row calls it."""

    texts: dict[str, tuple[Any, str, bool]] = {}
    """Field prefix → (label, name of the model's field, long?)."""

    def __init__(self, *args: Any, row: Any = None, **options: Any) -> None:
        if row is not None:
            options["initial"] = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(*args, **options)
        first: dict[str, forms.Field] = {}
        for prefix, (label, source, is_long) in self.texts.items():
            kept = getattr(row, source, None) or {}
            for code, language in LANGUAGES:
                first[f"{prefix}_{code.replace('-', '_')}"] = forms.CharField(
                    label=_("%(what)s %(language)s") % {"what": label, "language": language},
                    initial=kept.get(code, ""),
                    max_length=8000 if is_long else 120,
                    required=False,
                    strip=not is_long,
                    widget=forms.Textarea(attrs={"rows": 4, "lang": _lang(code)})
                    if is_long
                    else forms.TextInput(attrs={"lang": _lang(code)}),
                )
        self.fields = first | self.fields

    def text_of(self, prefix: str) -> dict[str, str]:
        """What was typed, by language; an empty one is left out."""
        return {
            code: text
            for code, _language in LANGUAGES
            if (text := (self.cleaned_data.get(f"{prefix}_{code.replace('-', '_')}") or "").strip())
        }

    def facts(self) -> dict[str, Any]:
        """What the act wants."""
        texts = {source: self.text_of(prefix) for prefix, (_label, source, _is_long) in self.texts.items()}
        return texts | {name: self.cleaned_data[name] for name in self.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        prefix = next(iter(self.texts))
        if not self.text_of(prefix):
            self.add_error(f"{prefix}_en", _("A name in at least one language is needed."))
        return cleaned


def _lang(code: str) -> str:
    return {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}.get(code, code)


class CategoryForm(InThreeLanguages):
    texts = {"name": (_("Name"), "names", False), "help": (_("Hint for the customer"), "help", True)}
    code = forms.SlugField(
        label=_("Code"), max_length=60, help_text=_("For links and other programs; letters, digits, hyphen.")
    )
    parent = CategoryChoice(label=_("Below"), required=False, empty_label=_("nothing: at the top"))
    type = forms.ChoiceField(label=_("Kind"), choices=Case.Type.choices)
    team = forms.ModelChoiceField(
        label=_("Goes to"), queryset=Team.objects.none(), required=False, empty_label=_("the common queue")
    )
    impact = forms.TypedChoiceField(
        label=_("Usual impact"), choices=Case.Level.choices, coerce=int, initial=2
    )
    urgency = forms.TypedChoiceField(
        label=_("Usual urgency"), choices=Case.Level.choices, coerce=int, initial=2
    )
    form_key = forms.ChoiceField(
        label=_("Form"), required=False, help_text=_("What customers are asked when they choose it.")
    )
    sort = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=30000, initial=100)
    is_open = forms.BooleanField(label=_("In use"), required=False, initial=True)
    on_portal = forms.BooleanField(label=_("Customers may choose it"), required=False, initial=True)

    def __init__(self, *args: Any, row: Category | None = None, **options: Any) -> None:
        super().__init__(*args, row=row, **options)
        others = Category.objects.select_related("parent").order_by("sort", "code")
        self.fields["parent"].queryset = others.exclude(pk=row.pk) if row else others  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.filter(is_open=True).order_by("name")  # type: ignore[attr-defined]
        self.fields["form_key"].choices = _forms_to_choose(row.form_key if row else "")  # type: ignore[attr-defined]


def _forms_to_choose(now: str) -> list[tuple[str, Any]]:
    """The forms that are asked, and the one chosen `now` even if it is asked no more."""
    named = {one.key: one.name for one in fields.all_current()}
    if now:
        named.setdefault(now, now)
    return [("", _("that of the category above")), *named.items()]


class CannedForm(InThreeLanguages):
    texts = {"name": (_("Name"), "names", False), "body": (_("Text"), "bodies", True)}
    code = forms.SlugField(label=_("Code"), max_length=60)
    category = CategoryChoice(label=_("Only for the category"), required=False, empty_label=_("all"))
    team = forms.ModelChoiceField(
        label=_("Only for the team"), queryset=Team.objects.none(), required=False, empty_label=_("all")
    )
    is_open = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, row: CannedReply | None = None, **options: Any) -> None:
        super().__init__(*args, row=row, **options)
        self.fields["category"].queryset = Category.objects.select_related("parent").order_by("sort", "code")  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.filter(is_open=True).order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.text_of("body"):
            self.add_error("body_en", _("A text in at least one language is needed."))
        return cleaned
