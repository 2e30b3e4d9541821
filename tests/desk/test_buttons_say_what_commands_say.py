"""A page asks once what commands ask each time: both give the same answer, in every state, for everybody."""

import pytest

from servicedesk.desk.standing import refusals
from tests.tickets.path import Path
from tickets import lifecycle

STATES = ["intake", "auth", "triage", "l1", "suspended", "closure", "survey", "closed"]


@pytest.mark.parametrize("state", STATES)
def test_every_button_gives_the_answer_of_its_command(path: Path, state):
    ticket = path.to(state)
    for actor in (path.cast.bo_actor, path.cast.cy_actor, path.cast.sam_actor):
        asked = refusals(ticket, actor)
        for step in lifecycle.STEPS:
            told, said = asked[step], lifecycle.why_not(ticket, step, actor)
            assert (told and told.code) == (said and said.code), step
