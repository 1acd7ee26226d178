"""Forms of the style guide: every kind of control, some of them filled in wrongly."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FaultReport(forms.Form):
    """What a customer or an agent writes down first."""

    subject = forms.CharField(
        label=_("What is wrong?"), help_text=_("One sentence, as you would say it on the phone.")
    )
    body = forms.CharField(label=_("Description"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=[("low", _("Low")), ("middle", _("Middle")), ("high", _("High"))],
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[("phone", _("Phone")), ("mail", _("Mail")), ("portal", _("Portal"))],
        widget=forms.RadioSelect,
    )
    visit_on = forms.DateField(
        label=_("Preferred day"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    standstill = forms.BooleanField(
        label=_("The machine stands still"),
        help_text=_("The case then begins with high impact."),
        required=False,
    )


class SignIn(forms.Form):
    """The shortest page there is."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
