"""The one policy table: route -> method -> who may enter.

Each capability lists its routes in `access.py` as `ROUTES`; what belongs to nobody stands here. The
middleware enforces this table, the matrix test is generated from it, and a route in no table is refused.
What a doer may do to *this* thing is judged inside, by `visible_to` and `access.require`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings

from tightrope.people.access import Audience, Can

Rule = dict[str, Any]

_READ_WRITE_ANYONE: Rule = {"GET": Audience.ANYONE, "POST": Audience.ANYONE}
_READ_WRITE_SIGNED_IN: Rule = {"GET": Audience.SIGNED_IN, "POST": Audience.SIGNED_IN}

POLICY: dict[str, Rule] = {
    "ui:style": {"GET": Audience.ANYONE},
    "ui:scheme": {"POST": Audience.ANYONE},
    "live": {"GET": Audience.ANYONE},  # each topic has its own authoriser
    "set_language": {"POST": Audience.ANYONE},
    "api:openapi-json": {"GET": Audience.ANYONE},
    "api:openapi-view": {"GET": Audience.ANYONE},
    "api:api-root": {"GET": Audience.ANYONE},
    **dict.fromkeys(
        (
            "account_login",
            "account_logout",
            "account_signup",
            "account_inactive",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key",
            "account_reset_password_from_key_done",
            "account_confirm_email",
            "account_email_verification_sent",
            "account_request_login_code",
            "account_confirm_login_code",
            "mfa_authenticate",
            "mfa_login_webauthn",
            "mfa_signup_webauthn",
            "openid_connect_login",
            "openid_connect_callback",
            "socialaccount_login_cancelled",
            "socialaccount_login_error",
            "socialaccount_signup",
        ),
        _READ_WRITE_ANYONE,
    ),
    **dict.fromkeys(
        (
            "account_change_password",
            "account_set_password",
            "account_email",
            "account_reauthenticate",
            "mfa_index",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_generate_recovery_codes",
            "mfa_view_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_edit_webauthn",
            "mfa_remove_webauthn",
            "mfa_trust",
            "usersessions_list",
            "socialaccount_connections",
        ),
        _READ_WRITE_SIGNED_IN,
    ),
}

for _name in settings.CAPABILITIES:
    if find_spec(f"tightrope.{_name}.access"):
        POLICY.update(getattr(import_module(f"tightrope.{_name}.access"), "ROUTES", {}))

if find_spec("tightrope.config.operations"):
    POLICY.update(import_module("tightrope.config.operations").ROUTES)

__all__ = ["POLICY", "Can", "Rule"]
