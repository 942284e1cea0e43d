"""Pack one function: our modules that its handler imports, the libraries those need, and their bytecode.

`sam build` alone ships no .pyc, and Lambda cannot write any: /var/task is read-only and a zip's timestamps are
of 1980, so a timestamp .pyc never counts. Hash-based, unchecked .pyc (PEP 552) do, and save two thirds of a
cold start. Every library here is pure Python, so one package fits every architecture.

Usage: python3.13 pack.py CaptureFunction ARTIFACTS_DIR
"""

import ast
import compileall
import hashlib
import os
import py_compile
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import Distribution, distributions
from pathlib import Path

HERE = Path(__file__).resolve().parent

#: The service models that our clients read, of the 400 that botocore carries.
SERVICES = ("dynamodb", "s3", "scheduler", "sesv2", "sqs")

#: Libraries that are imported under another name than their own, or without an import statement.
NAMES = {"phonenumbers": "phonenumberslite", "zoneinfo": "tzdata"}

#: Required by email-validator, but imported only to look up a domain, which we never do.
NEVER_IMPORTED = frozenset({"dnspython"})


def pack(function: str, target: Path) -> None:
    """Fill `target` with what `function` (a logical id of the template) needs."""
    module = f"handlers.{module_of(function)}"
    ours, external = closure(module)
    target.mkdir(parents=True, exist_ok=True)
    for path in ours:
        place = target / path.relative_to(HERE)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    libraries = install_libraries()
    for distribution in needed(libraries, external):
        copy_distribution(distribution, libraries, target)
    prune_service_models(target / "botocore" / "data")
    compile_all(target)


def module_of(function: str) -> str:
    """The handler's module of a function: `keep_subscribed` for `KeepSubscribedFunction`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", function.removesuffix("Function")).lower()


def closure(module: str) -> tuple[set[Path], set[str]]:
    """Our files that importing the module may load, lazily too, and the names of what is not ours."""
    ours, external, waiting = set(), set(), [module]
    while waiting:
        name = waiting.pop()
        path = find(name)
        if path is None or path in ours:
            continue
        ours.add(path)
        waiting.append(name.rpartition(".")[0])  # importing a module runs its package first
        for name in imported(path):
            waiting.append(name)
            if find(name) is None:
                external.add(name.split(".")[0])
    return ours, external


def find(module: str) -> Path | None:
    """The file of a module of ours."""
    base = HERE.joinpath(*module.split("."))
    return next((each for each in (base.with_suffix(".py"), base / "__init__.py") if each.is_file()), None)


def imported(path: Path) -> set[str]:
    """Every module a file names in an import statement, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from leads import events` names a module, `from leads.lead import fold` does not.
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {node.module} | {each for each in names if find(each)}
    return found


def install_libraries() -> Path:
    """Install requirements.txt into a folder that calls for the other functions reuse."""
    pinned = (HERE / "requirements.txt").read_bytes()
    version = f"{sys.version_info.major}{sys.version_info.minor}"
    digest = hashlib.sha256(pinned).hexdigest()[:16]
    folder = Path(tempfile.gettempdir(), f"lodestone-libraries-{os.getuid()}-{version}-{digest}")
    if not folder.is_dir():
        fresh = Path(tempfile.mkdtemp(dir=folder.parent))
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-compile",
        ]
        subprocess.run([*pip, "--target", str(fresh), "-r", str(HERE / "requirements.txt")], check=True)
        try:
            fresh.rename(folder)
        except OSError:  # another call was quicker
            shutil.rmtree(fresh)
    return folder


def needed(libraries: Path, names: set[str]) -> list[Distribution]:
    """The distributions behind imported names, with all that they require themselves."""
    known = {_plain(each.metadata["Name"]): each for each in distributions(path=[str(libraries)])}
    waiting = [_plain(NAMES.get(name, name)) for name in names]
    chosen: dict[str, Distribution] = {}
    while waiting:
        name = waiting.pop()
        if name in known and name not in chosen and name not in NEVER_IMPORTED:
            chosen[name] = known[name]
            required = [each for each in known[name].requires or () if "extra ==" not in each]
            waiting += [_plain(re.split(r"[^\w.-]", each, maxsplit=1)[0]) for each in required]
    return list(chosen.values())


def copy_distribution(distribution: Distribution, libraries: Path, target: Path) -> None:
    """Copy the files of a distribution, without its scripts, bytecode and type stubs."""
    for file in distribution.files or ():
        source = libraries / file
        if ".." in file.parts or file.suffix in (".pyc", ".pyi") or not source.is_file():
            continue
        place = target / file
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)


def prune_service_models(data: Path) -> None:
    """Delete the service models that we do not use; keep botocore's own tables."""
    for folder in data.iterdir() if data.is_dir() else ():
        if folder.is_dir() and folder.name not in SERVICES:
            shutil.rmtree(folder)


def compile_all(target: Path) -> None:
    """Bytecode that is valid for ever: these files never change once they are zipped."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    if not compileall.compile_dir(target, quiet=1, invalidation_mode=mode, stripdir=str(target), workers=1):
        raise SystemExit(f"{target}: some files do not compile")


def _plain(name: str) -> str:
    """A distribution's name in its normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    pack(sys.argv[1], Path(sys.argv[2]))
