"""Everything that changes a case. One file per stretch of its way; import the acts from here."""

from tightrope.cases.actions.alarming import alarm_duty, alarm_unheard, alarm_untriaged
from tightrope.cases.actions.answering import (
    EmptyText,
    add_note,
    hear_from_customer,
    remind_customer,
    send_reply,
    wait_for_customer,
)
from tightrope.cases.actions.calling import NoSuchTry, log_call, open_call_of, plan_call
from tightrope.cases.actions.causes import NoCause, record_cause
from tightrope.cases.actions.complaints import make_complaint, unmake_complaint
from tightrope.cases.actions.families import NotAFamily, OpenChildren, put_under, take_out
from tightrope.cases.actions.holding import HOLD
from tightrope.cases.actions.joining import (
    REJECTIONS,
    DifferentAccounts,
    MergeIntoItself,
    join_case,
    merge_cases,
    open_following_case,
    private_link_of,
    reject_case,
    restore_case,
    revoke_links,
)
from tightrope.cases.actions.opening import NoTitle, ToldInFuture, ToldTooLongAgo, open_case
from tightrope.cases.actions.receiving import log_reception
from tightrope.cases.actions.routing import (
    AlreadyAccepted,
    NoReason,
    NotAssignable,
    TooManyTags,
    accept_case,
    assign_case,
    change_category,
    change_severity,
    hand_over_case,
    retitle_case,
    tag_case,
    take_over,
)
from tightrope.cases.actions.signs import dismiss_signs, suspect_complaint
from tightrope.cases.actions.solving import TooLate, close_silent_case, confirm_case, reopen_case, solve_case
from tightrope.cases.actions.splitting import NothingToSplit, split_case
from tightrope.cases.actions.taking_back import resume_case, take_back_reply, take_back_solving
from tightrope.cases.actions.telling import tell_solved

__all__ = [
    "HOLD",
    "REJECTIONS",
    "AlreadyAccepted",
    "DifferentAccounts",
    "EmptyText",
    "MergeIntoItself",
    "NoCause",
    "NoReason",
    "NoSuchTry",
    "NoTitle",
    "NotAFamily",
    "NotAssignable",
    "NothingToSplit",
    "OpenChildren",
    "ToldInFuture",
    "ToldTooLongAgo",
    "TooLate",
    "TooManyTags",
    "accept_case",
    "add_note",
    "alarm_duty",
    "alarm_unheard",
    "alarm_untriaged",
    "assign_case",
    "change_category",
    "change_severity",
    "close_silent_case",
    "confirm_case",
    "dismiss_signs",
    "hand_over_case",
    "hear_from_customer",
    "join_case",
    "log_call",
    "log_reception",
    "make_complaint",
    "merge_cases",
    "open_call_of",
    "open_case",
    "open_following_case",
    "plan_call",
    "private_link_of",
    "put_under",
    "record_cause",
    "reject_case",
    "remind_customer",
    "reopen_case",
    "restore_case",
    "resume_case",
    "retitle_case",
    "revoke_links",
    "send_reply",
    "solve_case",
    "split_case",
    "suspect_complaint",
    "tag_case",
    "take_back_reply",
    "take_back_solving",
    "take_out",
    "take_over",
    "tell_solved",
    "unmake_complaint",
    "wait_for_customer",
]
