"""Who reacts when something has happened: event kind -> dotted functions, each a job of its own."""

REACTIONS: dict[str, list[str]] = {
    "case.opened": [
        "tightrope.cases.reactions.acknowledge",
        "tightrope.cases.reactions.look_for_complaint",
        "tightrope.cases.reactions.alarm_duty",
    ],
    "case.customer_wrote": ["tightrope.cases.reactions.look_for_complaint"],
    "case.became_complaint": ["tightrope.cases.reactions.tell_complaint"],
    "case.call_given_up": ["tightrope.cases.reactions.tell_not_reached"],
    "case.report_missed": ["tightrope.cases.reactions.tell_report_missed"],
    "case.merged": ["tightrope.cases.reactions.tell_merged"],
    "case.rejected": ["tightrope.cases.reactions.tell_rejected"],
    "case.told_solved": ["tightrope.surveys.reactions.ask_in_portal"],
    "case.duty_alarmed": ["tightrope.cases.reactions.tell_duty"],
    "case.untriaged": ["tightrope.cases.reactions.tell_untriaged"],
    "case.customer_reminded": ["tightrope.cases.reactions.tell_reminded"],
    "case.closed": ["tightrope.cases.reactions.tell_closed", "tightrope.surveys.reactions.ask_by_mail"],
    "survey.answered": [
        "tightrope.surveys.reactions.follow_up",
        "tightrope.surveys.reactions.look_for_complaint",
    ],
    "survey.follow_up": ["tightrope.surveys.reactions.tell_caller"],
    "promise.warned": ["tightrope.promises.reactions.on_warned"],
    "promise.replaced": ["tightrope.cases.reactions.tell_promise_replaced"],
    "message.received": ["tightrope.cases.reactions.take_in_mail"],
    "message.unreadable": ["tightrope.cases.reactions.take_in_unreadable"],
    "message.bounced": ["tightrope.cases.reactions.note_bounce"],
    "message.failed": ["tightrope.cases.reactions.note_bounce"],
}
