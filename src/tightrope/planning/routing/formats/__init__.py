"""Readers of public instance formats; each returns a `Problem`."""
