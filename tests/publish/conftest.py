"""Three builds of a small site, made once, and a way to bring a stack to any of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lodestone.build.pipeline import build
from lodestone.publish.apply import Publisher
from lodestone.publish.deployed import read_deployed
from lodestone.publish.difference import Built, compare, read_built
from lodestone.publish.write_plan import WritePlan, make_write_plan
from lodestone.stack.clients import Clients
from lodestone.stack.outputs import read_stack
from tests.local.small_site import write_small_site
from tests.publish.cloud import NOW, Cloud


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Change one place in a file."""
    text = (root / path).read_text("utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), "utf-8")


def _next_edition(root: Path) -> None:
    """Another colour, another gated file, another sequence; one magnet more."""
    edit(root, "site/site.yaml", "time_zone:", 'theme: {accent: "#1c5d3c"}\ntime_zone:')
    guide = root / "magnets" / "guide"
    (guide / "guide.txt").write_text("the gated words, revised\n")
    (guide / "emails" / "20-second.md").rename(guide / "emails" / "20-third.md")
    other = root / "magnets" / "other"
    (other / "emails").mkdir(parents=True)
    (other / "magnet.md").write_text((guide / "magnet.md").read_text().replace("The Guide", "The Other"))
    (other / "guide.txt").write_text("other words\n")


def _no_guide(root: Path) -> None:
    """The next edition, with the guide withdrawn."""
    _next_edition(root)
    guide = root / "magnets" / "guide"
    guide.rename(root / "guide-of-old")


_EDITIONS: dict[str, Callable[[Path], None]] = {
    "first": lambda root: None,
    "next": _next_edition,
    "last": _no_guide,
}


@pytest.fixture(scope="session")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    """The builds by name."""
    made = {}
    for name, change in _EDITIONS.items():
        folder = tmp_path_factory.mktemp(name)
        root = write_small_site(folder / "root")
        change(root)
        result = build(root, folder / "dist")
        assert not result.problems
        made[name] = read_built(folder / "dist")
    return made


def plan_for(cloud: Cloud, built: Built, prune: bool = False) -> WritePlan:
    """What a run would do now."""
    stack = read_stack("lodestone", cloud)
    deployed = read_deployed(stack, Clients(cloud), built.slugs)
    return make_write_plan(compare(built, deployed, stack), deployed.pending_paths, stack, prune)


def bring(cloud: Cloud, built: Built, prune: bool = False, workers: int = 1) -> WritePlan:
    """One run, without its printing."""
    plan = plan_for(cloud, built, prune)
    Publisher(Clients(cloud), lambda: NOW, workers).apply(plan)
    return plan
