"""What a deployed function carries: all that it may import, bytecode that counts, and nothing else."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ROOT / "functions"


@pytest.fixture(scope="module")
def pack():
    spec = importlib.util.spec_from_file_location("pack", FUNCTIONS / "pack.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def names(paths) -> set[str]:
    return {str(path.relative_to(FUNCTIONS)) for path in paths}


def pins(path: Path) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==(\S+)$", path.read_text("utf-8"), re.M)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def test_the_functions_run_the_versions_that_the_tests_ran():
    deployed, tested = pins(FUNCTIONS / "requirements.txt"), pins(ROOT / "constraints.txt")
    assert deployed
    assert {name: tested.get(name) for name in deployed} == deployed


def test_what_a_function_imports_inside_a_call_goes_along(pack):
    ours, theirs = pack.closure("handlers.capture")
    assert {"handlers/capture.py", "leads/identity.py", "aws/clients.py", "leads/__init__.py"} <= names(ours)
    assert {"email_validator", "phonenumbers", "botocore", "zoneinfo"} <= theirs


@pytest.mark.parametrize("handler", sorted(each.stem for each in (FUNCTIONS / "handlers").glob("*.py")))
def test_whatever_a_packed_file_imports_of_ours_is_packed_too(pack, handler):
    """A package's own file runs before each of its modules, so what that imports counts."""
    if handler == "__init__":
        return
    ours, _ = pack.closure(f"handlers.{handler}")
    wanted = {pack.find(name) for path in ours for name in pack.imported(path)}
    assert {each for each in wanted if each} <= ours
    assert {path.parent / "__init__.py" for path in ours} <= ours


def test_what_a_function_never_imports_stays_behind(pack):
    ours, theirs = pack.closure("handlers.health")
    assert not {"handlers/capture.py", "leads/identity.py"} & names(ours)
    assert not {"email_validator", "phonenumbers", "boto3", "pydantic"} & theirs


def test_libraries_go_along_with_what_they_require_and_no_more(pack, tmp_path):
    def distribution(name: str, *requires: str) -> None:
        info = tmp_path / f"{name}-1.dist-info"
        info.mkdir()
        lines = [f"Name: {name}", "Version: 1", *(f"Requires-Dist: {each}" for each in requires)]
        (info / "METADATA").write_text("Metadata-Version: 2.1\n" + "\n".join(lines) + "\n")

    distribution("botocore", "Jmes_Path>=1", 'crt; extra == "crt"')
    distribution("jmes-path")
    distribution("crt")
    distribution("tzdata")
    found = {each.metadata["Name"] for each in pack.needed(tmp_path, {"botocore", "zoneinfo", "json"})}
    assert found == {"botocore", "jmes-path", "tzdata"}


def test_models_of_other_services_are_left_out(pack, tmp_path):
    for name in (*pack.SERVICES, "ec2", "iot"):
        (tmp_path / name).mkdir()
    (tmp_path / "endpoints.json").write_text("{}")
    pack.prune_service_models(tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {*pack.SERVICES, "endpoints.json"}


def test_every_service_that_has_a_client_keeps_its_model(pack):
    text = (FUNCTIONS / "aws" / "clients.py").read_text()
    assert set(re.findall(r'self\._client\("(\w+)"', text)) == set(pack.SERVICES)


def test_the_bytecode_counts_without_a_look_at_the_source(pack, tmp_path):
    source = tmp_path / "module.py"
    source.write_text("ANSWER = 42\n")
    pack.compile_all(tmp_path)
    source.write_text("ANSWER = 'read anew'\n")
    code = "import module; print(module.ANSWER)"
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout == "42\n"
