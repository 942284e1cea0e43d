"""`build.py leads …`: the owner looks at leads, and does what only an owner may. The commands are in two modules."""

from lodestone.desk import changing, looking  # noqa: F401  each adds its commands to the group
from lodestone.desk.group import leads

__all__ = ["leads"]
