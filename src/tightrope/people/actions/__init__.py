"""Everything that changes who works here and what they may; import the acts from here."""

from tightrope.people.actions.keys import make_key, revoke_key, take_over_key
from tightrope.people.actions.persons import (
    change_mail_address,
    change_myself,
    change_roles,
    create_administrator,
    disable_user,
    enable_user,
    invite_user,
    set_first_password,
)
from tightrope.people.actions.refusals import (
    AddressTaken,
    KeyOver,
    LastAdministrator,
    NameTaken,
    UnknownPermission,
    WiderThanOwn,
)
from tightrope.people.actions.roles import RolePreset, apply_presets, put_role
from tightrope.people.actions.teams import put_team

__all__ = [
    "AddressTaken",
    "KeyOver",
    "LastAdministrator",
    "NameTaken",
    "RolePreset",
    "UnknownPermission",
    "WiderThanOwn",
    "apply_presets",
    "change_mail_address",
    "change_myself",
    "change_roles",
    "create_administrator",
    "disable_user",
    "enable_user",
    "invite_user",
    "make_key",
    "put_role",
    "put_team",
    "revoke_key",
    "set_first_password",
    "take_over_key",
]
