"""An example company of our own making, with a problem for each planning subcommand.

25 engineers, 12 cities, 3,000 machines, three years of failures, parts and staff. Everything is drawn from
a seed; the places carry real names, all figures are invented.
"""

from tightrope.planning.example.write import write_company

__all__ = ["write_company"]
