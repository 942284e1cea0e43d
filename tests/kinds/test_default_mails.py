"""The mails of a kind stand in where the site has none of its own: in this repository, too."""

import pytest

from lodestone.build.scan import scan_root
from lodestone.kinds import kinds
from tests.conftest import ROOT


@pytest.mark.parametrize("name", ["report", "template"])
def test_a_kind_s_own_mails_are_used_where_the_site_has_none(name):
    kind = kinds()[name]
    found = scan_root(ROOT).defaults.of(kind)
    assert found["delivery"].doc.path.parent == kind.mails
    assert found["opt-in"].doc.path.parent.name == "default_mails"


def test_a_site_s_own_mails_come_before_the_kind_s(tmp_path):
    for folder in ("site", "magnets"):
        (tmp_path / folder).mkdir()
    (tmp_path / "site" / "site.yaml").write_text((ROOT / "site" / "site.yaml").read_text("utf-8"), "utf-8")
    own = tmp_path / "site" / "emails" / "delivery.md"
    own.parent.mkdir()
    own.write_text('---\nsubject: "Yours"\n---\n\n[Open]({{ download_url }})\n', "utf-8")
    assert scan_root(tmp_path).defaults.of(kinds()["report"])["delivery"].doc.path == own


@pytest.mark.parametrize("name", ["course", "offer", "survey"])
def test_what_is_no_download_is_not_promised_as_one(name):
    found = scan_root(ROOT).defaults.of(kinds()[name])
    for step in ("opt-in", "delivery"):
        assert "download" not in found[step].doc.body
