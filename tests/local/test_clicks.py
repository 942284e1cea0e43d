"""A counted link from Markdown to the report, on one machine: built, mailed, followed, noted, told apart by version."""

import pytest
from click.testing import CliRunner

from handlers.wiring import wire
from lodestone.cli.leads.command import leads
from lodestone.local.app import make_app
from lodestone.local.live import Broadcast
from lodestone.local.machine import run_machine
from lodestone.local.publishing import LocalBuild
from tests.local.conftest import ROOT
from tests.local.small_site import FILES, write_small_site
from tests.local.test_machine import ORIGIN, Funnel

pytestmark = pytest.mark.slow

PRICES = "https://shop.example/prices?from=mail"
PERSON = {"user-agent": "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = write_small_site(tmp_path_factory.mktemp("root"))
    magnet = FILES["magnets/guide/magnet.md"].replace("files:", "clicks: true\nfiles:")
    (root / "magnets/guide/magnet.md").write_text(magnet)
    first = "---\nsubject: {}\nafter: 2 days\n{}---\n\n[See prices](" + PRICES + "){{#pricing}}\n"
    (root / "magnets/guide/emails/10-first.md").write_text(first.format("One", "test: clicks\n"))
    (root / "magnets/guide/emails/10-first.b.md").write_text("---\nsubject: The other\n---\n")
    return root


@pytest.fixture
def funnel(root, tmp_path):
    said = []
    live = Broadcast("boot")
    with run_machine(ROOT / "template.yaml", tmp_path, ORIGIN, wire, said.append) as machine:
        build = LocalBuild(root, tmp_path / "dist", ORIGIN, machine, live, said.append)
        build.run()
        assert said == []
        yield Funnel(machine, make_app(machine, tmp_path / "dist" / "site", live), build)
        assert machine.faults.latest() == []


def test_a_click_on_a_mailed_link_is_told_by_the_report(funnel, tmp_path):
    funnel.confirmed()
    funnel.move("2 days")
    mail = funnel.mails()[-1]
    assert mail["subject"] in ("One", "The other")
    funnel.move("1 minute")
    followed = funnel.get(funnel.link("click"), headers=PERSON)
    assert (followed.status_code, followed.headers["location"]) == (302, PRICES)
    funnel.move("0 seconds")
    told = CliRunner().invoke(leads, ["tests", "--data", str(tmp_path)])
    assert told.exit_code == 0, told.output
    got, other = ("a", "b") if mail["subject"] == "One" else ("b", "a")
    lines = [line.split() for line in told.output.splitlines()]
    assert lines[0] == ["guide/first,", "by", "clicks"]
    assert [got, "sent", "1", "clicked", "1"] in [line[:5] for line in lines]
    assert [other, "sent", "0", "clicked", "0"] in [line[:5] for line in lines]
