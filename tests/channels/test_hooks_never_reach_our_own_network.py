"""Chat hooks: allow-listed kinds, public addresses only, no redirects, a real one end to end."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from channels.failures import SendFailed
from channels.outbound import egress
from channels.outbound.chat import Chat
from channels.outbound.egress import is_public, require_public
from channels.outbound.letter import ChatLine

INSIDE = [
    "127.0.0.1", "10.1.2.3", "192.168.0.9", "172.16.3.4", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    "::127.0.0.1",
]  # fmt: skip


def line(url: str) -> ChatLine:
    return ChatLine(url=url, title="[SD-000101] You are engaged", body="Look at it.", message_id="<one@x>")


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address):
    assert is_public(address) is False


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_an_address_outside_is_public(address):
    assert is_public(address) is True


@pytest.mark.parametrize("host", ["127.1", "0", "2130706433", "0x7f.1", "localhost", "localhost."])
def test_a_disguised_address_is_found_out(host):
    with pytest.raises(SendFailed) as failure:
        require_public(host, 443)
    assert failure.value.final is True


@pytest.mark.parametrize("url", ["file:///etc/passwd", "mailto://a@b.example", "http://127.0.0.1/x", "exec://x", ""])
def test_a_kind_of_hook_nobody_allowed_is_refused_for_good(url):
    with pytest.raises(SendFailed) as failure:
        Chat().send(line(url))
    assert failure.value.final is True


@pytest.fixture
def hook(monkeypatch):
    """A hook on the loopback address, let through as a demonstration may."""
    monkeypatch.setenv("DESK_CHAT_ALLOW_PRIVATE", "1")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.server.got.append(body)
            self.send_response(self.server.answer)
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.answer = [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.rule("P-04")
def test_a_line_reaches_the_hook_with_the_ticket_number(hook):
    Chat().send(line(f"json://127.0.0.1:{hook.server_port}/desk"))
    assert hook.got[0]["title"] == "[SD-000101] You are engaged" and hook.got[0]["message"] == "Look at it."


@pytest.mark.parametrize("answer", [302, 500])
def test_a_redirect_is_not_followed_and_a_fault_may_pass(hook, answer):
    hook.answer = answer
    with pytest.raises(SendFailed) as failure:
        Chat().send(line(f"json://127.0.0.1:{hook.server_port}/desk?redirect=yes"))
    assert failure.value.final is False and len(hook.got) == 1


def test_a_name_that_turns_inwards_after_the_check_is_not_connected_to(hook, monkeypatch):
    monkeypatch.delenv("DESK_CHAT_ALLOW_PRIVATE")
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1", "127.0.0.1"])
    asked = []

    def rebinding(host, port, *_args, **_kwargs):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with pytest.raises(SendFailed) as failure:
        Chat().send(line(f"json://rebind.example:{hook.server_port}/desk"))

    assert failure.value.final is True and hook.got == []
    assert asked == ["rebind.example", "rebind.example"], "refused before any connection was tried"


def test_the_connection_goes_to_the_address_that_was_checked(hook, monkeypatch):
    monkeypatch.delenv("DESK_CHAT_ALLOW_PRIVATE")
    monkeypatch.setattr(egress, "is_public", lambda address: address == "127.0.0.1")
    asked, real = [], socket.getaddrinfo

    def told(host, port, *args, **kwargs):
        asked.append(host)
        return real("127.0.0.1" if host == "hooks.example" else host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", told)
    Chat().send(line(f"json://hooks.example:{hook.server_port}/desk"))

    assert len(hook.got) == 1
    assert asked == ["hooks.example", "hooks.example", "127.0.0.1"], "checked, checked at connect, then the literal"


def test_without_leave_a_private_hook_is_not_even_tried(hook, monkeypatch):
    monkeypatch.delenv("DESK_CHAT_ALLOW_PRIVATE")
    with pytest.raises(SendFailed) as failure:
        Chat().send(line(f"json://127.0.0.1:{hook.server_port}/desk"))
    assert failure.value.final is True and hook.got == []
