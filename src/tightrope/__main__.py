"""`python -m tightrope` and the program `tightrope`."""

import sys

from tightrope.runtime.command import main as run


def main() -> None:
    sys.exit(run())


if __name__ == "__main__":
    main()
