"""Who reacts when something has happened: event kind -> dotted functions, each a job of its own."""

REACTIONS: dict[str, list[str]] = {}
