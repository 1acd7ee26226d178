"""Logs are lines of JSON on standard output, with the id of the request or job they belong to."""

from __future__ import annotations

import logging
import logging.config
import os
import re
from typing import Any

import structlog

SECRET_PATHS = re.compile(r"(/(?:s|r|welcome|portal/sign-in|portal/confirm)/)[\w.:=-]{16,}")
"""Addresses whose last part opens something for whoever knows it."""

SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "key_hash")


def configure(config: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: everything through structlog, human lines at a terminal, JSON elsewhere."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_secrets,
    ]
    human = os.environ.get("TIGHTROPE_LOG_FORMAT", "text") == "text"
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=False) if human else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "lines": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.format_exc_info,
                        renderer,
                    ],
                }
            },
            "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["out"], "level": config.get("level", "INFO")},
            "loggers": {
                "httpx": {"level": "WARNING"},
                "procrastinate": {"level": "WARNING"},
                "django.security.DisallowedHost": {"level": "ERROR"},
            },
        }
    )


def _without_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    for key, value in event.items():
        if any(word in key.lower() for word in SECRET_WORDS):
            event[key] = "…"
        elif isinstance(value, str) and "/" in value:
            event[key] = SECRET_PATHS.sub(r"\1…", value)
    return event
