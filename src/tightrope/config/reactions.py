"""Who reacts when something has happened: event kind -> dotted functions, each a job of its own."""

REACTIONS: dict[str, list[str]] = {
    "case.opened": ["tightrope.cases.reactions.acknowledge"],
    "case.solved": ["tightrope.cases.reactions.tell_solved", "tightrope.surveys.reactions.ask_in_portal"],
    "case.untriaged": ["tightrope.cases.reactions.tell_untriaged"],
    "case.customer_reminded": ["tightrope.cases.reactions.tell_reminded"],
    "case.closed": ["tightrope.cases.reactions.tell_closed", "tightrope.surveys.reactions.ask_by_mail"],
    "survey.answered": ["tightrope.surveys.reactions.follow_up"],
    "survey.follow_up": ["tightrope.surveys.reactions.tell_caller"],
    "promise.warned": ["tightrope.promises.reactions.on_warned"],
    "promise.replaced": ["tightrope.cases.reactions.tell_promise_replaced"],
    "message.received": ["tightrope.cases.reactions.take_in_mail"],
    "message.unreadable": ["tightrope.cases.reactions.take_in_unreadable"],
    "message.bounced": ["tightrope.cases.reactions.note_bounce"],
    "message.failed": ["tightrope.cases.reactions.note_bounce"],
}
