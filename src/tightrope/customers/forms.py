"""Shape and cleaning of what is typed about customers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tightrope.customers.addresses import BadAddress, country_of_zone, normalise
from tightrope.customers.models import Account, Address, Contact, Site
from tightrope.customers.wording import FIELDS
from tightrope.people.models import Region, Team, User

ZONES = (
    "Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Tokyo", "Asia/Kolkata",
    "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Australia/Sydney", "UTC",
)  # fmt: skip


def zone_choices(present: str = "") -> list[tuple[str, str]]:
    """The usual time zones, and the one a row has now."""
    return [(zone, zone.replace("_", " ")) for zone in dict.fromkeys([*ZONES, *filter(None, [present])])]


class Tags(forms.CharField):
    """Words with commas of any script between them."""

    def to_python(self, value: Any) -> Any:
        return [tag for raw in re.split(r"[,，、;；\n]", value or "") if (tag := " ".join(raw.split()))]

    def prepare_value(self, value: Any) -> Any:
        return _(", ").join(value) if isinstance(value, list) else value

    def validate(self, value: Any) -> None:
        if any(len(tag) > 60 for tag in value):
            raise forms.ValidationError(_("A tag has at most 60 characters."))


class Facts(forms.CharField):
    """One fact a line: what, a colon, how it is."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> Any:
        facts: dict[str, str] = {}
        for line in (value or "").splitlines():
            if not line.strip():
                continue
            name, colon, fact = re.sub("：", ":", line, count=1).partition(":")
            if not colon or not name.strip():
                raise forms.ValidationError(
                    _("Write each fact as “what: how it is”, not “%(line)s”."),
                    params={"line": line.strip()[:60]},
                )
            facts[name.strip()[:80]] = fact.strip()[:500]
        return facts

    def prepare_value(self, value: Any) -> Any:
        return (
            "\n".join(f"{name}: {fact}" for name, fact in value.items()) if isinstance(value, dict) else value
        )


class AddressField(forms.CharField):
    """A mail address or phone number; checked in the country of the form's time zone."""

    def __init__(self, kind: str, **options: Any) -> None:
        self.kind = kind
        super().__init__(max_length=254, **options)


class _WithAddresses(forms.Form):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        country = country_of_zone(cleaned.get("time_zone") or "")
        for name, field in self.fields.items():
            if isinstance(field, AddressField) and (value := cleaned.get(name)):
                try:
                    cleaned[name] = normalise(field.kind, value, country=country)
                except BadAddress as bad:
                    self.add_error(name, str(bad))
        return cleaned

    def addresses(self) -> list[tuple[str, str]]:
        """What was typed, as (kind, value)."""
        return [
            (field.kind, value)
            for name, field in self.fields.items()
            if isinstance(field, AddressField) and (value := self.cleaned_data.get(name))
        ]


class AccountForm(forms.Form):
    """What is on file of an account."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    importance = forms.TypedChoiceField(
        label=FIELDS["importance"], choices=Account.Importance.choices, coerce=int, initial=1
    )
    region = forms.ModelChoiceField(
        label=FIELDS["region"], queryset=Region.objects.none(), required=False, empty_label="–"
    )
    owner = forms.ModelChoiceField(
        label=FIELDS["owner"], queryset=User.objects.none(), required=False, empty_label="–"
    )
    team = forms.ModelChoiceField(
        label=FIELDS["team"], queryset=Team.objects.none(), required=False, empty_label="–"
    )
    language = forms.ChoiceField(label=FIELDS["language"], choices=settings.LANGUAGES, initial="zh-hans")
    time_zone = forms.ChoiceField(label=FIELDS["time_zone"], choices=zone_choices(), initial="Asia/Shanghai")
    tags = Tags(label=FIELDS["tags"], required=False, help_text=gettext_lazy("With commas between them."))
    answers = Facts(
        label=FIELDS["answers"],
        required=False,
        help_text=gettext_lazy("One fact a line, for example “Floors: 12”."),
    )

    def __init__(self, *args: Any, account: Account | None = None, **options: Any) -> None:
        if account is not None:
            options["initial"] = {name: getattr(account, name) for name in self.base_fields if name in KEPT}
        super().__init__(*args, **options)
        self.fields["region"].queryset = Region.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = staff_members()  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.filter(is_open=True).order_by("name")  # type: ignore[attr-defined]
        if account is not None:
            self.fields["time_zone"].choices = zone_choices(account.time_zone)  # type: ignore[attr-defined]


KEPT = ("name", "importance", "region", "owner", "team", "language", "time_zone", "tags", "answers")


def staff_members() -> Any:
    """People with a role who may look after a customer."""
    return User.objects.filter(is_active=True, holdings__isnull=False).distinct().order_by("name")


class EditAccountForm(AccountForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in KEPT}


class NewAccountForm(_WithAddresses, AccountForm):
    """A new customer in under a minute: a name and how to reach somebody."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Company or person"), choices=Account.Kind.choices, initial="company", widget=forms.RadioSelect
    )  # fmt: skip
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=Account.Stage.choices, initial="installed")
    contact_name = forms.CharField(
        label=gettext_lazy("Person to speak with"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Not needed when the customer is a person."),
    )
    phone = AddressField("phone", label=gettext_lazy("Phone"), required=False)
    mail = AddressField("mail", label=gettext_lazy("Mail address"), required=False)
    anyway = forms.BooleanField(
        label=gettext_lazy("It is another customer, open it"), required=False, widget=forms.HiddenInput
    )
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=64)

    field_order = (
        "kind",
        "name",
        "contact_name",
        "phone",
        "mail",
        "importance",
        "stage",
        "region",
        "owner",
        "team",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_company = cleaned.get("kind") == Account.Kind.COMPANY
        if is_company and self.addresses() and not cleaned.get("contact_name"):
            self.add_error("contact_name", _("Say whose phone and mail these are."))
        return cleaned


class ContactForm(_WithAddresses):
    """A new person of an account."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120)
    position = forms.CharField(label=FIELDS["position"], max_length=120, required=False)
    phone = AddressField("phone", label=gettext_lazy("Phone"), required=False)
    mail = AddressField("mail", label=gettext_lazy("Mail address"), required=False)
    second_phone = AddressField("phone", label=gettext_lazy("Second phone"), required=False)
    second_mail = AddressField("mail", label=gettext_lazy("Second mail address"), required=False)
    wechat = AddressField("wechat", label=gettext_lazy("WeChat"), required=False)
    language = forms.ChoiceField(label=FIELDS["language"], choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=FIELDS["time_zone"], choices=zone_choices())
    sees_colleagues = forms.BooleanField(
        label=FIELDS["sees_colleagues"],
        required=False,
        help_text=gettext_lazy("For people who answer for the whole company."),
    )
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        usual = {"language": account.language, "time_zone": account.time_zone}
        options["initial"] = usual | options.get("initial", {})
        super().__init__(*args, **options)
        self.fields["time_zone"].choices = zone_choices(account.time_zone)  # type: ignore[attr-defined]


class EditContactForm(forms.Form):
    """What is on file of a person, without the addresses."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120)
    position = forms.CharField(label=FIELDS["position"], max_length=120, required=False)
    language = forms.ChoiceField(label=FIELDS["language"], choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=FIELDS["time_zone"], choices=zone_choices())
    sees_colleagues = forms.BooleanField(label=FIELDS["sees_colleagues"], required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, contact: Contact, **options: Any) -> None:
        options["initial"] = {name: getattr(contact, name) for name in self.base_fields}
        super().__init__(*args, **options)
        self.fields["time_zone"].choices = zone_choices(contact.time_zone)  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class NewAddressForm(forms.Form):
    """One more way to reach a person."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of address"), choices=Address.Kind.choices)
    value = forms.CharField(label=gettext_lazy("Number or address"), max_length=254)


class SiteForm(forms.Form):
    """A place of a customer."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    address = forms.CharField(label=FIELDS["address"], max_length=300)
    latitude = forms.DecimalField(
        label=FIELDS["latitude"], required=False, min_value=-90, max_value=90, max_digits=9, decimal_places=6
    )
    longitude = forms.DecimalField(
        label=FIELDS["longitude"],
        required=False,
        min_value=-180,
        max_value=180,
        max_digits=9,
        decimal_places=6,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, site: Site | None = None, **options: Any) -> None:
        if site is not None:
            options["initial"] = {name: getattr(site, name) for name in (*SITE_FACTS, "version")}
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            self.add_error("longitude", _("A place on the map needs both latitude and longitude."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SITE_FACTS}


SITE_FACTS = ("name", "address", "latitude", "longitude")


class ExternalIdForm(forms.Form):
    """What another system calls the account."""

    system = forms.SlugField(label=gettext_lazy("System"), max_length=40)
    value = forms.CharField(label=gettext_lazy("Number there"), max_length=120)


class StageForm(forms.Form):
    """Another stage of the customer's life with us."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=Account.Stage.choices)
    because = forms.CharField(label=gettext_lazy("Why"), max_length=200)


class NoteForm(forms.Form):
    """A word for colleagues."""

    body = forms.CharField(
        label=gettext_lazy("Note for colleagues"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class MergeForm(forms.Form):
    """Why two accounts are one customer."""

    reason = forms.CharField(label=gettext_lazy("Why are they one customer?"), max_length=300)
    knowing_conflict = forms.BooleanField(
        label=gettext_lazy("The other system holds this customer twice; they are one all the same"),
        required=False,
    )


class FilterForm(forms.Form):
    """Which customers the list shows. What is not understood filters nothing."""

    tag = forms.CharField(required=False, max_length=60)
    region = forms.IntegerField(required=False)
    owner = forms.CharField(required=False, max_length=20)
    importance = forms.IntegerField(required=False, min_value=1, max_value=3)
    stage = forms.ChoiceField(required=False, choices=[("", ""), *Account.Stage.choices])
    kind = forms.ChoiceField(required=False, choices=[("", ""), *Account.Kind.choices])
    order = forms.ChoiceField(required=False, choices=[("name", ""), ("newest", "")])

    def filters(self, *, user_id: int | None) -> dict[str, Any]:
        self.is_valid()
        wanted: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name != "order"}
        owner = wanted.pop("owner", "")
        if owner == "mine":
            wanted["owner"] = user_id or -1
        elif owner.isdigit():
            wanted["owner"] = int(owner)
        return wanted

    @property
    def order_by(self) -> str:
        return self.cleaned_data.get("order") or "name"


def errors_of(form: forms.Form) -> Iterable[str]:
    """Every complaint of a form, as sentences."""
    return [str(error) for errors in form.errors.values() for error in errors]
