"""How the program itself is: parts, queues, jobs that failed."""

from tightrope.config.operations import events
from tightrope.people.access import Audience, Can

__all__ = ["ROUTES", "events"]

ROUTES = {
    "config:healthz": {"GET": Audience.ANYONE},
    "config:ready": {"GET": Audience.ANYONE},
    "config:csp_report": {"POST": Audience.ANYONE},
    "config:operations": {"GET": Can.OPERATE},
    "config:failed_job": {"POST": Can.OPERATE},
    "config:search_index": {"POST": Can.OPERATE},
}
