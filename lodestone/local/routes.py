"""The paths that the functions answer, as template.yaml declares them."""

from lodestone.local.stack import read_stack
from lodestone.local.template import TEMPLATE, read_template


def function_paths() -> frozenset[str]:
    """Return the path of every route, such as `/api/confirm` and `/api/leads/{magnet}`."""
    stack = read_stack(read_template(TEMPLATE), lambda name: "")
    return frozenset(route.key.split()[-1] for route in stack.routes)
