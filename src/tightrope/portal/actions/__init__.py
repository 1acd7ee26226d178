"""What a customer does here beyond the acts of cases and surveys; import the acts from here."""

from tightrope.portal.actions.proving import BadProof, confirm_report, open_sign_in, send_sign_in_link
from tightrope.portal.actions.reporting import Reporter, report_problem
from tightrope.portal.actions.writing import NothingToSay, TooManyFiles, follow_up_case, write_on_case

__all__ = [
    "BadProof",
    "NothingToSay",
    "Reporter",
    "TooManyFiles",
    "confirm_report",
    "follow_up_case",
    "open_sign_in",
    "report_problem",
    "send_sign_in_link",
    "write_on_case",
]
