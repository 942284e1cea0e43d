"""What stops the local stack from starting, said so that its reader can mend it."""


class CannotServe(Exception):
    """The local stack cannot start. The message states what happened and what to do; it needs no traceback."""
