"""SMTP for real: an in-process server that answers 451 or 550, hangs, or drops the line after DATA."""

import asyncio
import email
import email.policy

import pytest
from aiosmtpd.controller import Controller

from channels.failures import SendFailed
from channels.outbound.email import Mailer, mailbox, options
from channels.outbound.letter import Letter, Receiver
from tests.live.servers import free_port


class Server:
    """Takes mail, or does to it what `fault` says."""

    def __init__(self) -> None:
        self.taken: list = []
        self.fault = ""

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.fault in {"451", "550"}:
            return f"{self.fault} no"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.fault == "hang":
            await asyncio.sleep(30)
        if self.fault == "data 554":
            return "554 spam"
        self.taken.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        if self.fault == "drop":
            server.transport.abort()
        return "250 OK"


@pytest.fixture
def server(settings):
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_URL, settings.EMAIL_TIMEOUT = f"smtp://127.0.0.1:{controller.port}", 0.5
    yield handler
    controller.stop()


def letter(**fields) -> Letter:
    values = {
        "to": Receiver("ada@northgate.example", "Ada Lund"), "subject": "[SD-000101] News", "text": "It works.\n",
        "html": "<p>It works.</p>", "message_id": "<one@servicedesk.example>",
    }  # fmt: skip
    return Letter(**(values | fields))


def test_a_letter_arrives_whole_with_the_headers_that_stop_loops(server):
    mailer = Mailer()
    assert mailer.send(letter(references="<ticket@servicedesk.example>")) == "<one@servicedesk.example>"
    mailer.send(letter(message_id="<two@servicedesk.example>"))
    mailer.close()

    (receivers, got), (_again, second) = server.taken
    assert receivers == ["ada@northgate.example"]
    assert got["Message-ID"] == "<one@servicedesk.example>" and second["Message-ID"] == "<two@servicedesk.example>"
    assert got["Auto-Submitted"] == "auto-generated" and got["Reply-To"] == "desk@servicedesk.example"
    assert got["References"] == "<ticket@servicedesk.example>" and got["To"] == "Ada Lund <ada@northgate.example>"
    assert got.get_body(("plain",)).get_content().strip() == "It works."
    assert got.get_body(("html",)) is not None


@pytest.mark.parametrize(("fault", "final"), [("451", False), ("550", True), ("hang", False), ("data 554", True)])
def test_what_the_server_answers_decides_whether_to_try_again(server, fault, final):
    server.fault = fault
    mailer = Mailer()
    with pytest.raises(SendFailed) as failure:
        mailer.send(letter())
    mailer.close()
    assert failure.value.final is final and server.taken == []


def test_a_line_dropped_after_the_mail_was_taken_is_tried_again_with_the_same_message_id(server):
    server.fault = "drop"
    mailer = Mailer()
    with pytest.raises(SendFailed) as failure:
        mailer.send(letter())
    assert failure.value.final is False
    server.fault = ""
    mailer.send(letter())
    mailer.close()
    assert {got["Message-ID"] for _to, got in server.taken} == {"<one@servicedesk.example>"}


def test_no_server_at_all_is_a_fault_that_may_pass(settings):
    settings.EMAIL_URL = f"smtp://127.0.0.1:{free_port()}"
    with pytest.raises(SendFailed) as failure:
        Mailer().send(letter())
    assert failure.value.final is False


def test_a_name_can_never_become_a_second_receiver(server):
    mailer = Mailer()
    mailer.send(letter(to=Receiver("ada@northgate.example", 'evil@z, "Bob"\r\nBcc: x@z')))
    mailer.close()
    receivers, got = server.taken[0]
    assert receivers == ["ada@northgate.example"]
    assert got["Bcc"] is None and [a.addr_spec for a in got["To"].addresses] == ["ada@northgate.example"]


@pytest.mark.parametrize("address", ["", "no-at-sign", "a@b\r\nBcc: c@d", "a@b, c@d", "<a@b>"])
def test_a_bad_address_is_refused_for_good(address):
    with pytest.raises(SendFailed) as failure:
        mailbox("Ada", address)
    assert failure.value.final is True


def test_the_url_says_how_to_connect(settings):
    held = options("smtps://user%40x:p%2Fw@mail.example")
    assert (held["host"], held["port"], held["username"], held["password"]) == ("mail.example", 465, "user@x", "p/w")
    assert held["use_ssl"] is True and held["timeout"] == settings.EMAIL_TIMEOUT
    assert options("smtp+tls://mail.example")["port"] == 587
    with pytest.raises(ValueError, match="EMAIL_URL"):
        options("http://mail.example")
