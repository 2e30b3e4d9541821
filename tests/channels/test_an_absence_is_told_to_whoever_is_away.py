from datetime import timedelta

import pytest

from channels.outbound.letter import render
from channels.topics import TOPICS
from escalation.commands.absence import end_absence, plan_absence
from ledger.models import OutboxMessage

DAY = timedelta(days=1)


@pytest.fixture
def letters(db):
    """Return what the outbox says of absences so far, rendered."""

    def read() -> list:
        rows = OutboxMessage.objects.filter(topic="mail.absence").order_by("pk")
        return [render(draft, f"<{row.pk}@x>") for row in rows for draft in TOPICS[row.topic](row)]

    return read


def away(cast, actor, at, **more):
    said = {"from_at": at + DAY, "to_at": at + 3 * DAY, "reason": "Training in Ulm"} | more
    return plan_absence(user_id=cast.bo.pk, actor=actor, at=at, **said)


def test_whoever_is_away_by_another_hand_is_written_to_in_their_language_and_zone(cast, nine, letters):
    cast.bo.language, cast.bo.time_zone = "zh-hans", "Asia/Shanghai"
    cast.bo.save()

    away(cast, cast.cy_actor, nine)

    [letter] = letters()
    assert (letter.to.address, letter.to.language) == ("bo@desk.example", "zh-hans")
    assert "17:00" in letter.text and "Asia/Shanghai" in letter.text  # nine o'clock UTC on their wall
    assert "Cy Lindqvist" in letter.text and "Training in Ulm" in letter.text
    assert "/desk/absences/" in letter.text


def test_what_somebody_enters_and_ends_themselves_is_told_to_nobody(cast, nine, letters):
    made = away(cast, cast.bo_actor, nine)
    end_absence(absence_id=made.pk, actor=cast.bo_actor, at=nine)

    assert letters() == []


def test_an_absence_that_another_ends_is_told_too(cast, nine, letters):
    made = away(cast, cast.bo_actor, nine)

    end_absence(absence_id=made.pk, actor=cast.cy_actor, at=nine + 2 * DAY)

    [letter] = letters()
    assert "Cy Lindqvist ended it" in letter.text and letter.subject == "Your absence from 16 June was ended"


def test_who_has_left_is_not_written_to(cast, nine, letters):
    away(cast, cast.cy_actor, nine)
    cast.bo.is_active = False
    cast.bo.save()

    assert letters() == []
