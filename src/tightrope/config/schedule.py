"""What happens by the clock: (cron, with seconds as a sixth field in front; job)."""

SCHEDULE: list[tuple[str, str]] = [
    ("*/15 * * * * *", "core.rescue"),
    ("17 * * * *", "core.tidy"),
]
