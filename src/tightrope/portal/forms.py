"""Shape and cleaning of what customers fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tightrope.customers.addresses import BadAddress, normalise
from tightrope.customers.forms import zone_choices
from tightrope.ui.onward import new_token

FORM_LASTS_SECONDS = 24 * 3600
SALT = "portal.form"


def signed_token() -> str:
    """The same, signed: proves that the form was given out by us, where no cookie can (in another site's frame)."""
    return signing.dumps(new_token(), salt=SALT)


def token_of(signed: str) -> str:
    """The token in a signed one. Raises signing.BadSignature."""
    return str(signing.loads(signed, salt=SALT, max_age=FORM_LASTS_SECONDS))


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """Any number of files."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(Files, self).clean(one, initial) for one in given]


class Tokened(forms.Form):
    """A form that knows its second press."""

    form_token = forms.CharField(max_length=128, widget=forms.HiddenInput)


class AddressForm(forms.Form):
    """Where the link to sign in goes."""

    address = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


class ReportForm(forms.Form):
    """What every category asks first."""

    form_token = forms.CharField(max_length=300, widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("What is it about?"),
        help_text=gettext_lazy("One sentence, as you would say it on the phone."),
        max_length=200,
    )
    text = forms.CharField(
        label=gettext_lazy("What happens exactly?"),
        help_text=gettext_lazy("Since when, where, and what the display shows."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
    )
    uploads = Files(label=gettext_lazy("Photos, video, voice, files"), required=False)


class ReporterForm(forms.Form):
    """Who reports without signing in, and how we reach him. `website` is for robots only."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    mail = forms.CharField(
        label=gettext_lazy("Your mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Your phone number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=gettext_lazy("A mail address or a phone number is enough."),
    )
    website = forms.CharField(
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_mail(self) -> str:
        return _normal("mail", self.cleaned_data["mail"])

    def clean_phone(self) -> str:
        return _normal("phone", self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not self.errors and not (facts.get("mail") or facts.get("phone")):
            raise forms.ValidationError(_("Tell us a mail address or a phone number, so that we can answer."))
        return facts


def _normal(kind: str, value: str) -> str:
    if not value:
        return ""
    try:
        return normalise(kind, value)
    except BadAddress as wrong:
        raise forms.ValidationError(str(wrong)) from None


class WordsForm(Tokened):
    """A reply: words, files, or both."""

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    uploads = Files(label=gettext_lazy("Photos, video, voice, files"), required=False)


class FollowUpForm(WordsForm):
    """What happens again, long after it was closed: a new request needs words."""

    text = forms.CharField(
        label=gettext_lazy("Your message"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(Tokened):
    """Why it is not solved."""

    reason = forms.CharField(
        label=gettext_lazy("What is still wrong?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RatingForm(forms.Form):
    """Stars, and a word if he likes."""

    score = forms.IntegerField(min_value=1, max_value=5)
    comment = forms.CharField(
        label=gettext_lazy("What should we know?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ProfileForm(forms.Form):
    """What a contact may change of himself."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))

    def __init__(self, *args: Any, contact: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            initial={
                "version": contact.version,
                "name": contact.name,
                "language": contact.language,
                "time_zone": contact.time_zone,
            },
            **kwargs,
        )
        self.fields["language"].choices = [(code, name) for code, name in settings.LANGUAGES]  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = zone_choices(contact.time_zone)  # type: ignore[attr-defined]
