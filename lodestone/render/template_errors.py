"""A mistake in a template, told as every other problem: file, line, what is wrong, what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_tb

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError

from lodestone.content.model import Mark
from lodestone.content.places import Place
from lodestone.content.problems import Problem, Problems


@contextmanager
def reported(problems: list[Problem], root: Path, templates: Path) -> Iterator[None]:
    """Add the problem to `problems` if a template fails. Raises what no template caused.

    An expression of a template may raise anything: TypeError, ZeroDivisionError, RecursionError.
    """
    try:
        yield
    except TemplateError as error:
        problems += report(error, root, templates)
    except Exception as error:
        if not _frames(error, _folders(root, templates)):
            raise
        problems += report(error, root, templates)


def report(error: Exception, root: Path, templates: Path) -> Problems:
    """Turn an error that rendering raised into a problem. `templates` is the bundled folder."""
    problems = Problems(root)
    place = _place(error, _folders(root, templates))
    problems.add(
        place,
        f"{_WORDS.get(type(error), 'the template fails')}: {getattr(error, 'message', None) or error}",
        _help(error, place.path, templates),
    )
    return problems


_WORDS = {
    TemplateSyntaxError: "the template cannot be read",
    UndefinedError: "the template uses something that is not there",
    TemplateNotFound: "no such template",
}


def _folders(root: Path, templates: Path) -> tuple[Path, ...]:
    return root / "site" / "templates", templates


def _help(error: Exception, template: Path, bundled: Path) -> str:
    if isinstance(error, TemplateNotFound):
        return "put it into site/templates/, or correct the name in the template that asks for it"
    if template.is_relative_to(bundled):
        return "correct this line, or undo your last edit of the file; `git diff` shows it"
    return "compare it with the bundled template of that name; deleting yours brings the bundled one back"


def _frames(error: Exception, folders: tuple[Path, ...]) -> list[tuple[Path, int]]:
    """The lines of templates that an error passed through, the innermost last."""
    frames = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
    return [each for each in frames if any(each[0].is_relative_to(folder) for folder in folders)]


def _place(error: Exception, folders: tuple[Path, ...]) -> Place:
    """Find the place in a template: a syntax error has its line, other errors have a traceback."""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        return _line(Path(error.filename), error.lineno)
    inside = _frames(error, folders)
    return _line(*inside[-1]) if inside else _line(folders[0], 1)


def _line(path: Path, number: int) -> Place:
    lines = path.read_text("utf-8", errors="replace").splitlines() if path.is_file() else []
    source = lines[number - 1] if 0 < number <= len(lines) else ""
    indent = len(source) - len(source.lstrip())
    return Place(path, Mark(number, indent + 1, max(1, len(source.strip()))), source)
