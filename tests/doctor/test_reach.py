"""The real DNS and web behind the doctor, on this machine alone."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import dns.message
import dns.query
import dns.rdatatype
import dns.resolver
import pytest

from lodestone.doctor.reach import Dns, Https
from lodestone.doctor.sources import CannotLook

ZONE = {
    ("press.example.", "TXT"): ['"v=spf1 include:amazonses.com " "~all"', '"other"'],
    ("a._domainkey.press.example.", "CNAME"): ["a.dkim.amazonses.com."],
}


class NameServer(threading.Thread):
    """Answers DNS questions over UDP from ZONE; SERVFAIL for anything below `broken.`"""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))

    def run(self):
        while True:
            question, sender = self.socket.recvfrom(4096)
            if question == b"end":
                return
            self.socket.sendto(self.answer(dns.message.from_wire(question)).to_wire(), sender)

    def answer(self, query):
        response = dns.message.make_response(query)
        name, kind = query.question[0].name.to_text(), dns.rdatatype.to_text(query.question[0].rdtype)
        if name.endswith("broken."):
            response.set_rcode(dns.rcode.SERVFAIL)
        elif (name, kind) in ZONE:
            response.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *ZONE[name, kind]))
        elif not any(known == name for known, _ in ZONE):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response


@pytest.fixture
def names():
    """A Dns that asks a name server of this test's own."""
    server = NameServer()
    server.start()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], server.socket.getsockname()[1]
    yield Dns(resolver)
    server.socket.sendto(b"end", server.socket.getsockname())
    server.join()
    server.socket.close()


def test_texts_are_joined_and_aliases_end_without_a_dot(names):
    assert sorted(names.texts("press.example")) == ["other", "v=spf1 include:amazonses.com ~all"]
    assert names.alias("a._domainkey.press.example") == "a.dkim.amazonses.com"


def test_a_name_without_records_has_none(names):
    assert names.texts("nowhere.example") == []
    assert names.alias("press.example") == ""


def test_a_name_server_that_fails_is_no_absence_of_records(names):
    with pytest.raises(CannotLook, match="DNS did not answer for x.broken"):
        names.texts("x.broken")


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/api/health" else 403)
        self.end_headers()
        self.wfile.write(b'{"ok": true}' if self.path == "/api/health" else b"no")

    def log_message(self, *args):
        pass


@pytest.fixture
def origin():
    server = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_answers_refusals_and_silence_are_told_apart(origin):
    web = Https()
    assert (web.get(f"{origin}/api/health").status, web.get(f"{origin}/other").status) == (200, 403)
    silent = web.get("http://127.0.0.1:9/api/health")
    assert silent.status == 0
    assert silent.body


def test_a_host_without_tls_cannot_be_looked_at():
    with pytest.raises(CannotLook, match="does not answer"):
        Https().certificate("127.0.0.2")
