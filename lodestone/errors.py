"""Errors of commands, each a message with a remedy. The command line prints it and exits with 1: no traceback."""

from dataclasses import dataclass


@dataclass(eq=False)
class CommandError(Exception):
    """A command cannot do what it was asked to do."""

    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.message}\nhelp: {self.remedy}"


class CannotServe(CommandError):
    """The local stack cannot start, or its data directory cannot be read. The message holds the remedy too."""

    def __init__(self, message: str):
        super().__init__(message, "")

    def __str__(self) -> str:
        return self.message
