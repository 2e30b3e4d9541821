"""Letters to a Chinese reader: our own wording is Chinese, the zone is named once, no line of ours is named."""

from datetime import timedelta

import pytest

from channels import letters
from tests.channels.parts import make_clock, make_ticket, make_timer, tell
from tests.conftest import MONDAY_NINE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_deliveries")]


def test_a_chinese_receipt_names_promises_in_chinese_and_no_line_of_ours(cast, sent):
    cast.ada.language = "zh-hans"
    cast.ada.save()
    ticket = make_ticket(cast, owner=None)
    make_timer(make_clock(ticket), "E-2", state="armed", due_at=MONDAY_NINE + timedelta(hours=4), label="Solution")
    tell(ticket, "ticket.verified", method="pin")
    letters.send_outbox()
    text = sent.letters[0].text
    assert "Solution" not in text and "解决" in text and text.count("Australia/Melbourne") == 1
    assert ticket.team.name not in text and "\n\n\n" not in text
