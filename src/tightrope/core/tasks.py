"""Job entry points of the machinery itself (registered by importing)."""

from tightrope.core import jobs, live  # noqa: F401
