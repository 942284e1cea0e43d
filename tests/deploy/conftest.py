"""A real deployment without an account: the emulator, `sam build`, `sam deploy`, `build.py publish`.

Needs the runtime's own interpreter (python3.13, no version manager's shim) and the emulator's environment,
which `make emulator` sets up. Where either is missing these tests skip and say so, unless LODESTONE_REQUIRE
names `deploy`.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import missing

ROOT = Path(__file__).resolve().parents[2]
EMULATOR = ROOT / ".venv-emulator" / "bin" / "ministack"
STACK = "lodestone-test"

#: Every name that a developer's own AWS set-up may have put into the environment.
_FOREIGN = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")


def find_python() -> Path | None:
    """A python3.13 that answers for itself."""
    for folder in os.environ["PATH"].split(os.pathsep):
        path = Path(folder, "python3.13")
        if path.is_file():
            code = "import sys; print(sys.version_info[:2] == (3, 13))"
            asked = subprocess.run([path, "-c", code], capture_output=True, text=True)
            if asked.stdout.strip() == "True":
                return path
    return None


def wait_for(holds: Callable[[], Any], what: str, seconds: float = 120) -> Any:
    """What `holds` answers once it is true; the emulator's triggers take their time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = holds()
        if found:
            return found
        time.sleep(0.3)
    pytest.fail(f"waited {seconds:.0f} s in vain for {what}")


@dataclass
class Cloud:
    """The emulator, and the stack in it."""

    endpoint: str
    environment: dict[str, str]
    log: Path

    def client(self, service: str) -> Any:
        import boto3

        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id="probe",  # unlike the functions, so that their calls can be told
            aws_secret_access_key="probe",
        )

    def run(self, *command: object, cwd: Path = ROOT) -> subprocess.CompletedProcess:
        """A command line against the emulator; it must succeed."""
        done = subprocess.run(
            [str(each) for each in command], cwd=cwd, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done

    def build_py(self, *arguments: object) -> subprocess.CompletedProcess:
        return self.run(sys.executable, ROOT / "build.py", *arguments)

    def outputs(self) -> dict[str, str]:
        stack = self.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}

    def request(
        self, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """One request to the stack's API, which the emulator tells by the Host header; no redirect is followed."""
        if path.startswith("http") and urlsplit(path).path.startswith("/api/"):
            path = path[path.index("/api/") :]
        url = path if path.startswith("http") else self.endpoint + path
        host = {"Host": urlsplit(self.outputs()["ApiUrl"]).netloc} if path.startswith("/api/") else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()} | host
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            answer = opener.open(urllib.request.Request(url, data=body, headers=named), timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return (
                answer.status,
                {name.lower(): value for name, value in answer.headers.items()},
                answer.read(),
            )

    def mails(self, to: str) -> list[dict]:
        """What SES was handed for an address, oldest first."""
        found = json.loads(self.request("/_ministack/ses/messages")[2])["messages"]
        return [each for sent in found.values() for each in sent if each["To"] == [to]]

    def calls(self) -> Counter:
        """DynamoDB and SQS calls that the functions made so far, by name; ours carry the access key `probe`.

        The emulator's trail leaves out services that tell calls by path (SES, Scheduler).
        """
        client, events, until = self.client("cloudtrail"), {}, {}
        while True:
            # The emulator answers the latest 50 and knows no pages: ask on from the oldest of them.
            found = client.lookup_events(MaxResults=50, **until)["Events"]
            fresh = {each["EventId"]: each for each in found if each["EventId"] not in events}
            if not fresh:
                break
            events |= fresh
            until = {"EndTime": min(each["EventTime"] for each in found)}
        return Counter(each["EventName"] for each in events.values() if each["Username"] != "probe")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The emulator on a free port, bound to loopback, with no state from before."""
    python = find_python()
    if python is None:
        missing(
            "deploy", "no real python3.13 on PATH (a version manager's shim is not enough for `sam build`)"
        )
    if not EMULATOR.is_file():
        missing("deploy", "the AWS emulator is not set up; `make emulator` does that")
    folder = tmp_path_factory.mktemp("cloud")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    path = os.pathsep.join((str(Path(sys.executable).parent), str(python.parent), clean["PATH"]))
    environment = clean | {
        "PATH": path,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "probe",
        "AWS_SECRET_ACCESS_KEY": "probe",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "NO_COLOR": "1",
    }
    own = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "PERSIST_STATE": "0",
        "S3_PERSIST": "0",
        "CLOUDTRAIL_RECORDING": "1",
        "PATH": f"{EMULATOR.parent}{os.pathsep}{clean['PATH']}",
    }
    log = folder / "emulator.log"
    with log.open("w") as sink:
        process = subprocess.Popen([EMULATOR], cwd=folder, env=clean | own, stdout=sink, stderr=sink)
    made = Cloud(environment["AWS_ENDPOINT_URL"], environment, log)
    try:
        wait_for(lambda: _healthy(made), "the emulator")
        yield made
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _healthy(cloud: Cloud) -> bool:
    try:
        return cloud.request("/_ministack/health")[0] == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def package(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`sam build`: the folder of the packed functions and the built template."""
    folder = tmp_path_factory.mktemp("sam") / "build"
    cloud.run("sam", "build", "--template", ROOT / "template.yaml", "--build-dir", folder)
    return folder


@pytest.fixture(scope="session")
def site_root(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with one guide, whose first letter comes after a minute."""
    root = tmp_path_factory.mktemp("site")
    write_magnet(cloud, root, "guide")
    write_letter(root / "magnets" / "guide", "10-first", "1 minute")
    write_letter(root / "magnets" / "guide", "20-second", "30 days")
    return root


def write_magnet(cloud: Cloud, root: Path, slug: str) -> Path:
    """The starter, without its letters; its folder."""
    cloud.build_py("new", "ebook", slug, "--root", root)
    folder = root / "magnets" / slug
    shutil.rmtree(folder / "emails")
    return folder


def write_letter(magnet: Path, name: str, after: str) -> None:
    """One mail of a magnet's sequence."""
    path = magnet / "emails" / f"{name}.md"
    path.parent.mkdir(exist_ok=True)
    slug = name.partition("-")[2]
    path.write_text(
        f"---\nsubject: The {slug} letter\nafter: {after}\n---\n\nHello,\n\nthis is the {slug} letter.\n"
    )


def deploy(cloud: Cloud, package: Path, *parameters: str) -> None:
    """`sam deploy`, without questions."""
    cloud.run(
        *("sam", "deploy", "--template-file", package / "template.yaml", "--stack-name", STACK),
        *("--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"),
        *(
            "--no-fail-on-empty-changeset",
            "--no-progressbar",
            "--parameter-overrides",
            "Edge=off",
            *parameters,
        ),
    )


@pytest.fixture(scope="session")
def deployed(cloud: Cloud, package: Path, site_root: Path) -> Cloud:
    """The stack, its sender verified, the guide published."""
    deploy(cloud, package)
    cloud.client("sesv2").create_email_identity(EmailIdentity="example.com")
    cloud.build_py("publish", "--stack", STACK, "--root", site_root, "--yes")
    return cloud
