"""What happens by the clock: (cron with the seconds in a sixth field at the end, job)."""

SCHEDULE: list[tuple[str, str]] = [
    ("* * * * * */15", "core.rescue"),
    ("17 * * * *", "core.tidy"),
    ("23 3 * * *", "core.prepare_months"),
    ("* * * * * */20", "config.heartbeat"),
    ("* * * * * */5", "promises.look_at_due"),
    ("* * * * * 30", "cases.look_at_silence"),
    ("* * * * * 50", "cases.look_after"),
    ("* * * * * 45", "measures.take"),
    ("5 * * * *", "notices.digests"),
    ("41 * * * *", "files.sweep"),
    ("*/10 * * * *", "measures.count_months"),
    ("* * * * * 20", "measures.take_courses"),
    ("*/5 * * * *", "channels.look_after"),
    ("41 3 * * *", "channels.forget"),
    ("53 3 * * *", "portal.sweep"),
]
