"""Tightrope: after-sales service, from the first word to "solved, thank you"."""
