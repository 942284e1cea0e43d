"""Who may import whom (docs/architecture.md), read from the import statements."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [*ROOT.glob("functions/*/*.py"), *ROOT.glob("lodestone/**/*.py")]

#: Our packages, and which of ours each may import.
ALLOWED = {
    "leads": {"leads"},
    "aws": {"aws", "leads"},
    "handlers": {"handlers", "aws", "leads"},
    "lodestone": {"lodestone", "leads"},
}
#: These run the functions' own code on the marketer's machine.
REACHES_FUNCTIONS = tuple(f"lodestone.{each}" for each in ("records", "stack", "desk", "publish", "local"))
AWS_LIBRARIES = {"boto3", "botocore", "aws_lambda_powertools", "moto"}


def module_name(path: Path) -> str:
    base = ROOT / "functions" if path.is_relative_to(ROOT / "functions") else ROOT
    return ".".join(path.relative_to(base).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules a file names in its import statements, wherever they stand."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return frozenset(found)


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_a_module_imports_only_what_it_may(path):
    name = module_name(path)
    own = name.split(".")[0]
    allowed = ALLOWED[own] | ({"handlers", "aws"} if name.startswith(REACHES_FUNCTIONS) else set())
    tops = {each.split(".")[0] for each in imports(path)}
    assert (tops & set(ALLOWED)) <= allowed
    if own == "leads":
        assert not tops & AWS_LIBRARIES


@pytest.mark.parametrize(
    ("package", "never"),
    [
        ("lodestone.markdown", "lodestone"),
        ("lodestone.content", "lodestone.render"),
    ],
)
def test_a_package_knows_nothing_of_those_above_it(package, never):
    """Markdown is read for the checks and for the pages alike: neither may need the other."""
    own = [path for path in SOURCES if module_name(path).startswith(f"{package}.")]
    assert own
    for path in own:
        above = {each for each in imports(path) if f"{each}.".startswith(f"{never}.")} - {package}
        assert not {each for each in above if not each.startswith(f"{package}.")}, path


def test_only_one_module_of_the_functions_makes_aws_clients():
    makers = {
        module_name(path)
        for path in SOURCES
        if {"boto3", "botocore"} & {each.split(".")[0] for each in imports(path)}
    }
    assert {each for each in makers if not each.startswith("lodestone")} == {"aws.clients"}


def module_imports() -> dict[str, set[str]]:
    """Each of our modules with those of ours that it imports."""
    modules = {module_name(path): path for path in SOURCES}
    return {
        name: {each for each in imports(path) if each in modules and each != name}
        for name, path in modules.items()
    }


def package_of(module: str) -> str:
    """`lodestone.desk` for a module of it; `leads`, `aws` and `handlers` are one package each."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "lodestone" else parts[0]


def assert_no_circle(edges: dict[str, set[str]]) -> None:
    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for each in edges[name]:
                visit(each, (*trail, name))
            done.add(name)

    done: set[str] = set()
    for name in edges:
        visit(name, ())


def test_no_modules_import_each_other_in_a_circle():
    assert_no_circle(module_imports())


def test_no_packages_import_each_other_in_a_circle():
    edges: dict[str, set[str]] = {}
    for name, imported in module_imports().items():
        package = package_of(name)
        others = {package_of(each) for each in imported} - {package}
        edges.setdefault(package, set()).update(others)
    assert_no_circle(edges)


def test_only_the_command_line_imports_click():
    users = {module_name(path) for path in SOURCES if "click" in imports(path)}
    assert all(each.startswith("lodestone.cli.") for each in users)


def test_captures_modules_hold_nothing_that_is_slow_to_import():
    code = "import sys, handlers.capture; print('\\n'.join(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT / "functions")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "leads.form" in loaded
    slow = (
        "pydantic",
        "jinja2",
        "aws_lambda_powertools.event_handler",
        "aws_xray_sdk",
        "phonenumbers",
        "lodestone",
        "leads.features",  # only the form of a magnet that may close needs them: handlers.gate
    )
    assert not [each for each in loaded if each.startswith(slow)]
