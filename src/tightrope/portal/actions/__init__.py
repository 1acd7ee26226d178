"""What a customer does here beyond the acts of cases and surveys; import the acts from here."""

from tightrope.portal.actions.addressing import (
    AlreadyConfirmed,
    LastWayIn,
    NotConfirmed,
    TooManyAddresses,
    add_proven_address,
    ask_for_address,
    choose_address,
    give_up_address,
)
from tightrope.portal.actions.proving import (
    BadProof,
    confirm_report,
    open_sign_in,
    send_sign_in_link,
    sweep_proofs,
)
from tightrope.portal.actions.reporting import Reporter, report_problem
from tightrope.portal.actions.writing import NothingToSay, follow_up_case, write_on_case

__all__ = [
    "AlreadyConfirmed",
    "BadProof",
    "LastWayIn",
    "NotConfirmed",
    "NothingToSay",
    "Reporter",
    "TooManyAddresses",
    "add_proven_address",
    "ask_for_address",
    "choose_address",
    "confirm_report",
    "follow_up_case",
    "give_up_address",
    "open_sign_in",
    "report_problem",
    "send_sign_in_link",
    "sweep_proofs",
    "write_on_case",
]
