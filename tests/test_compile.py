"""What a magnet is compiled to."""

from pathlib import Path

import pytest

from lodestone.build.definition import compile_magnet
from lodestone.build.load import load_site
from lodestone.render.look import open_look
from tests.local.small_site import write_small_site


def write_with_sender(root: Path, sender: str) -> Path:
    path = write_small_site(root) / "site" / "site.yaml"
    path.write_text(path.read_text().replace("email: letters@press.example", sender))
    return root


def test_a_senders_domain_goes_out_in_ascii_as_the_mail_service_takes_it(tmp_path):
    written = "email: letters@münchen.example, reply_to: answers@MÜNCHEN.example"
    site, problems = load_site(write_with_sender(tmp_path, written))
    assert problems == []
    sender = compile_magnet(open_look(site), site.magnets[0]).funnel.sender
    assert (sender.email, sender.reply_to) == (
        "letters@xn--mnchen-3ya.example",
        "answers@xn--mnchen-3ya.example",
    )


@pytest.mark.parametrize("key", ["email", "reply_to"])
def test_a_sender_that_the_mail_service_cannot_write_is_a_problem_of_site_yaml(tmp_path, key):
    written = "email: letters@press.example" if key == "reply_to" else ""
    root = write_with_sender(tmp_path, ", ".join(filter(None, [written, f"{key}: jörg@press.example"])))
    _, problems = load_site(root)
    assert ["`jörg@press.example` is no e-mail address" in each.message for each in problems] == [True]
