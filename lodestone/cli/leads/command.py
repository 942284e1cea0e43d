"""`build.py leads …` with all its commands."""

from lodestone.cli.leads import changing, looking  # noqa: F401  each adds its commands to the group
from lodestone.cli.leads.group import leads

__all__ = ["leads"]
