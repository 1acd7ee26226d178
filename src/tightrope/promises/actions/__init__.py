"""Making, keeping, pausing, changing promises, looking at the clock, and the policies behind it all."""

from tightrope.promises.actions.changing import (
    give_promise,
    hand_over_promises,
    join_promises,
    replace_promise,
    withdraw_promise,
    withdraw_promises,
)
from tightrope.promises.actions.hastening import hasten_promises
from tightrope.promises.actions.keeping import keep_promise, keep_promises
from tightrope.promises.actions.looking import look_at_due
from tightrope.promises.actions.making import (
    DueInPast,
    DueTooFar,
    NothingSaid,
    clocks_by_policy,
    make_promise,
    run_clocks,
    start_clocks,
)
from tightrope.promises.actions.pausing import pause_promises, resume_promises
from tightrope.promises.actions.policies import BadPolicy, ChangedMeanwhile, TargetTerms, save_policy
from tightrope.promises.actions.refusals import NoReason, NotRunning
from tightrope.promises.actions.unkeeping import unkeep_promises
from tightrope.promises.queries import PolicyFacts

__all__ = [
    "BadPolicy",
    "ChangedMeanwhile",
    "DueInPast",
    "DueTooFar",
    "NoReason",
    "NotRunning",
    "NothingSaid",
    "PolicyFacts",
    "TargetTerms",
    "clocks_by_policy",
    "give_promise",
    "hand_over_promises",
    "hasten_promises",
    "join_promises",
    "keep_promise",
    "keep_promises",
    "look_at_due",
    "make_promise",
    "pause_promises",
    "replace_promise",
    "resume_promises",
    "run_clocks",
    "save_policy",
    "start_clocks",
    "unkeep_promises",
    "withdraw_promise",
    "withdraw_promises",
]
