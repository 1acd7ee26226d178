"""What can have happened to a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tightrope.timeline.events import Event


@dataclass(frozen=True)
class CaseOpened(Event):
    kind: ClassVar[str] = "case.opened"
    is_public: ClassVar[bool] = True
    number: str
    title: str
    channel: str
    type: str
    told_at: str
    contact_id: int | None
    is_answerable: bool
    """Whether an acknowledgement may be sent: not to robots, lists and unverified strangers."""


@dataclass(frozen=True)
class DutyAlarmed(Event):
    """It is new, and whoever is on duty for its team was told first."""

    kind: ClassVar[str] = "case.duty_alarmed"
    user_id: int
    name: str


@dataclass(frozen=True)
class CaseUntriaged(Event):
    """Nobody has looked at it for so many working minutes; told for the `times`-th time."""

    kind: ClassVar[str] = "case.untriaged"
    minutes: int
    times: int
    team_id: int | None


@dataclass(frozen=True)
class CaseAccepted(Event):
    kind: ClassVar[str] = "case.accepted"
    is_public: ClassVar[bool] = True
    owner: str


@dataclass(frozen=True)
class CaseAssigned(Event):
    kind: ClassVar[str] = "case.assigned"
    owner: str
    owner_id: int | None
    team: str
    before: str


@dataclass(frozen=True)
class CaseHandedOver(Event):
    kind: ClassVar[str] = "case.handed_over"
    is_public: ClassVar[bool] = True
    team: str
    team_id: int
    tier: int
    source: str
    """On whose instruction. The wording leaves it out, for the customer reads it too."""


@dataclass(frozen=True)
class CaseAnswered(Event):
    """`heard_at`: since when the customer had waited for it; empty when he had not."""

    kind: ClassVar[str] = "case.answered"
    is_public: ClassVar[bool] = True
    message_id: int
    message_at: str
    is_first: bool
    heard_at: str = ""


@dataclass(frozen=True)
class CustomerWrote(Event):
    kind: ClassVar[str] = "case.customer_wrote"
    is_public: ClassVar[bool] = True
    message_id: int
    message_at: str
    channel: str


@dataclass(frozen=True)
class CaseNoted(Event):
    kind: ClassVar[str] = "case.noted"
    note_id: int


@dataclass(frozen=True)
class CaseWaiting(Event):
    kind: ClassVar[str] = "case.waiting"
    is_public: ClassVar[bool] = True
    waiting_for: str
    source: str
    """On whose instruction. The wording leaves it out, for the customer reads it too."""


@dataclass(frozen=True)
class CustomerReminded(Event):
    kind: ClassVar[str] = "case.customer_reminded"
    is_public: ClassVar[bool] = True
    times: int
    closes_on: str


@dataclass(frozen=True)
class CaseSolved(Event):
    kind: ClassVar[str] = "case.solved"
    is_public: ClassVar[bool] = True
    solution: str
    solver_id: int | None
    before: dict[str, Any]
    """Where the case stood, so that solving it can be taken back."""


@dataclass(frozen=True)
class SolvingTakenBack(Event):
    """It was not solved after all, and nobody had been told. `status`: where the case stands again."""

    kind: ClassVar[str] = "case.solving_taken_back"
    is_public: ClassVar[bool] = True
    status: str


@dataclass(frozen=True)
class CustomerToldSolved(Event):
    """The time to take it back is over: from now on the customer may be asked about it."""

    kind: ClassVar[str] = "case.told_solved"
    by_letter: bool


@dataclass(frozen=True)
class CaseConfirmed(Event):
    kind: ClassVar[str] = "case.confirmed"
    is_public: ClassVar[bool] = True


@dataclass(frozen=True)
class CaseClosed(Event):
    kind: ClassVar[str] = "case.closed"
    is_public: ClassVar[bool] = True
    reason: str
    """"confirmed", "silent after solving" or "silent while waiting"."""


@dataclass(frozen=True)
class CaseReopened(Event):
    kind: ClassVar[str] = "case.reopened"
    is_public: ClassVar[bool] = True
    reason: str
    solver_id: int | None


@dataclass(frozen=True)
class CaseRejected(Event):
    kind: ClassVar[str] = "case.rejected"
    reason: str
    outcome: str


@dataclass(frozen=True)
class CaseRestored(Event):
    kind: ClassVar[str] = "case.restored"


@dataclass(frozen=True)
class CasesMerged(Event):
    kind: ClassVar[str] = "case.merged"
    is_public: ClassVar[bool] = True
    number: str
    into: str


@dataclass(frozen=True)
class CaseSplit(Event):
    """Part of what was said in the first goes on in the second; stands on the lines of both."""

    kind: ClassVar[str] = "case.split"
    is_public: ClassVar[bool] = True
    first: str
    second: str
    words: int


@dataclass(frozen=True)
class CasePutUnder(Event):
    """Stands on the child. For staff only: the parent may be another customer's."""

    kind: ClassVar[str] = "case.put_under"
    parent: str
    before: str


@dataclass(frozen=True)
class CaseGotChild(Event):
    kind: ClassVar[str] = "case.got_child"
    child: str


@dataclass(frozen=True)
class CaseTakenOut(Event):
    kind: ClassVar[str] = "case.taken_out"
    parent: str


@dataclass(frozen=True)
class CaseLostChild(Event):
    kind: ClassVar[str] = "case.lost_child"
    child: str


@dataclass(frozen=True)
class EndedOverChildren(Event):
    """A parent was solved although these children were open, and why."""

    kind: ClassVar[str] = "case.ended_over_children"
    reason: str
    children: list[str]


@dataclass(frozen=True)
class SeverityChanged(Event):
    kind: ClassVar[str] = "case.severity_changed"
    impact: list[int]
    urgency: list[int]
    priority: list[int]
    reason: str


@dataclass(frozen=True)
class CategoryChanged(Event):
    kind: ClassVar[str] = "case.category_changed"
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class CaseJoined(Event):
    kind: ClassVar[str] = "case.joined"
    account: str
    contact: str


@dataclass(frozen=True)
class CauseRecorded(Event):
    kind: ClassVar[str] = "case.cause_recorded"
    cause: str
    prevention: str


@dataclass(frozen=True)
class BecameComplaint(Event):
    kind: ClassVar[str] = "case.became_complaint"
    accused: str
    reason: str


@dataclass(frozen=True)
class CaseRetitled(Event):
    kind: ClassVar[str] = "case.retitled"
    before: str
    after: str


@dataclass(frozen=True)
class CaseResumed(Event):
    """Nobody waits for the customer any more; somebody of ours goes on."""

    kind: ClassVar[str] = "case.resumed"
    is_public: ClassVar[bool] = True


@dataclass(frozen=True)
class ReplyTakenBack(Event):
    kind: ClassVar[str] = "case.reply_taken_back"
    message_id: int


@dataclass(frozen=True)
class CaseTagged(Event):
    kind: ClassVar[str] = "case.tagged"
    before: list[str]
    after: list[str]


@dataclass(frozen=True)
class CallPlanned(Event):
    kind: ClassVar[str] = "case.call_planned"
    due_at: str
    text: str


@dataclass(frozen=True)
class CustomerCalled(Event):
    """`attempt` counts the tries of this call; `next_at` is empty when it ends with this one."""

    kind: ClassVar[str] = "case.called"
    was_reached: bool
    attempt: int
    outcome: str
    purpose: str
    next_at: str


@dataclass(frozen=True)
class CallGivenUp(Event):
    """All tries were in vain, and why; the customer is written to."""

    kind: ClassVar[str] = "case.call_given_up"
    attempts: int
    purpose: str
    reason: str


@dataclass(frozen=True)
class CallDropped(Event):
    """A planned call is not needed any more."""

    kind: ClassVar[str] = "case.call_dropped"
    purpose: str
    reason: str


@dataclass(frozen=True)
class ComplaintSuspected(Event):
    """A sign that it is a complaint: the `word` the customer used, or his score, with the words around it."""

    kind: ClassVar[str] = "case.complaint_suspected"
    ground: str
    word: str
    quote: str


@dataclass(frozen=True)
class SuspicionDismissed(Event):
    kind: ClassVar[str] = "case.suspicion_dismissed"
    words: list[str]


@dataclass(frozen=True)
class NoComplaint(Event):
    """It was taken for a complaint and is none."""

    kind: ClassVar[str] = "case.no_complaint"
    reason: str


@dataclass(frozen=True)
class ComplaintAgain(Event):
    """The same customer complains of the same: so many days after the `earlier` case, for the so-manieth time."""

    kind: ClassVar[str] = "case.complaint_again"
    earlier: str
    days: int
    times: int


@dataclass(frozen=True)
class ReportMissed(Event):
    """The customer was to hear from us and has not, for so many working minutes; told for the `times`-th time."""

    kind: ClassVar[str] = "case.report_missed"
    minutes: int
    times: int
    team_id: int | None


@dataclass(frozen=True)
class VisitorReceived(Event):
    """Somebody came or called; `case` is the number of the case that it became."""

    kind: ClassVar[str] = "reception.logged"
    way: str
    visitor: str
    purpose: str
    host: str
    outcome: str
    case: str


@dataclass(frozen=True)
class LinksRevoked(Event):
    kind: ClassVar[str] = "case.links_revoked"


@dataclass(frozen=True)
class CategorySaved(Event):
    """`changed` names the fields that are different now."""

    kind: ClassVar[str] = "category.saved"
    code: str
    name: str
    changed: list[str]


@dataclass(frozen=True)
class CannedReplySaved(Event):
    kind: ClassVar[str] = "cannedreply.saved"
    code: str
    name: str
    changed: list[str]


@dataclass(frozen=True)
class RulesChanged(Event):
    """`changes`: each rule with its value before and after."""

    kind: ClassVar[str] = "rules.changed"
    changes: dict[str, list[Any]]
