"""What an author is told about a mistake in a template."""

import pytest
from jinja2 import Environment, FileSystemLoader, TemplateError

from lodestone.render.template_errors import report


@pytest.fixture
def folders(tmp_path):
    """The bundled templates, and those of a root of one's own."""
    bundled, own = tmp_path / "bundled", tmp_path / "root" / "site" / "templates"
    for folder in (bundled, own):
        folder.mkdir(parents=True)
    return bundled, own


def told(folder, root, bundled):
    """The one problem of rendering `page.html` in a folder where it is broken."""
    (folder / "page.html").write_text("<p>\n{{ nobody }", "utf-8")
    with pytest.raises(TemplateError) as raised:
        Environment(loader=FileSystemLoader(folder)).get_template("page.html")
    (problem,) = report(raised.value, root, bundled)
    return problem


def test_a_template_of_ones_own_may_be_deleted(folders):
    bundled, own = folders
    problem = told(own, own.parents[1], bundled)
    assert (problem.path, problem.line) == ("site/templates/page.html", 2)
    assert "deleting yours" in problem.help


def test_nobody_is_told_to_delete_a_bundled_template(folders):
    bundled, own = folders
    problem = told(bundled, own.parents[1], bundled)
    assert problem.line == 2
    assert "delet" not in problem.help
    assert "undo your last edit" in problem.help
