"""A security question is the server's choice: drawn once for a call, and no other counts (V-04)."""

import pytest

from accounts.models import Verification
from accounts.verification import Proof, set_answer
from ledger.actor import SYSTEM
from tests.refusals import refused
from tickets.commands.question import draw_question
from tickets.commands.verify import attempt_verification
from tickets.models import AskedQuestion

pytestmark = [pytest.mark.django_db, pytest.mark.rule("V-04")]


@pytest.fixture
def asked(path, cast, nine):
    """Three registered questions, and a call."""
    for n in range(3):
        set_answer(contact_id=cast.ada.pk, question=f"Question {n}?", answer=f"answer {n}", actor=SYSTEM, at=nine)
    return path.ring()


def answer(path, cast, call, question, value):
    return attempt_verification(
        interaction_id=call.pk, contact_id=cast.ada.pk, company="Northgate Health Alliance", account_number="A-100001",
        proof=Proof(method="question", value=value, question_id=question.uuid), actor=cast.bo_actor, at=path.tick(),
    )  # fmt: skip


def test_drawing_again_brings_the_same_question(path, cast, asked):
    on = {"interaction_id": asked.pk, "contact_id": cast.ada.pk, "actor": cast.bo_actor}

    drawn = {draw_question(**on, at=path.tick()).pk for _ in range(9)}

    assert len(drawn) == 1 and AskedQuestion.objects.count() == 1


def test_calls_are_asked_different_questions(path, cast, asked):
    drawn = {
        draw_question(interaction_id=path.ring().pk, contact_id=cast.ada.pk, actor=cast.bo_actor, at=path.tick()).pk
        for _ in range(25)
    }

    assert len(drawn) > 1


@pytest.mark.django_db(transaction=True)
def test_the_right_answer_to_a_question_nobody_drew_is_no_proof(path, cast, asked):
    drawn = draw_question(interaction_id=asked.pk, contact_id=cast.ada.pk, actor=cast.bo_actor, at=path.tick())
    other = cast.ada.questions.exclude(pk=drawn.pk).first()

    with refused("not_drawn", "method"):
        answer(path, cast, asked, other, other.question[9:10])
    assert not Verification.objects.exists()

    said = answer(path, cast, asked, drawn, f"Answer {drawn.question[9:10]}")
    assert said.outcome == "passed"


def test_a_contact_without_questions_is_sent_to_another_proof(path, cast):
    call = path.ring()
    with refused("no_question", "method"):
        draw_question(interaction_id=call.pk, contact_id=cast.al.pk, actor=cast.bo_actor, at=path.tick())
