"""What keeps the program from starting or doing its work; every message is shown to an administrator as it is."""


class RuntimeProblem(Exception):
    """A state of the machine that a person has to change. The message is one or two plain sentences."""


class CannotStartDatabase(RuntimeProblem):
    """The embedded PostgreSQL cannot be made, found or started."""


class UnfitDatabase(RuntimeProblem):
    """A PostgreSQL server answers, but not every feature that is needed is there."""


class AddressTaken(RuntimeProblem):
    """Another program listens where the web server should."""


class UnusableBackup(RuntimeProblem):
    """A backup cannot be made, read or brought back."""
