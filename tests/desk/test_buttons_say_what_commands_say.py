"""A page asks once what commands ask each time: both give the same answer, in every state, for everybody."""

import pytest

from servicedesk.desk.standing import refusals
from servicedesk.desk.workspace import Workspace
from tests.tickets.path import Path
from tickets import lifecycle
from tickets.commands.plan import add_work_item

STATES = ["intake", "auth", "triage", "l1", "suspended", "closure", "survey", "closed"]


@pytest.mark.parametrize("state", STATES)
def test_every_button_gives_the_answer_of_its_command(path: Path, state):
    ticket = path.to(state)
    for actor in (path.cast.bo_actor, path.cast.cy_actor, path.cast.sam_actor):
        asked = refusals(ticket, actor)
        shown = Workspace(ticket, actor, path.now).refusals
        for step in lifecycle.STEPS:
            told, said = asked[step], lifecycle.why_not(ticket, step, actor)
            page = shown[step]
            assert (told and told.code) == (said and said.code) == (page and page.code), step


def test_the_page_refuses_for_an_open_request_and_for_open_mandatory_work(path: Path):
    ticket, _pause = path.asked_to_suspend()
    bo = path.cast.bo_actor
    add_work_item(
        ticket_id=ticket.pk, title="Test all sites", owner_user_id=path.cast.bo.pk, mandatory=True, actor=bo,
        at=path.tick(),
    )  # fmt: skip

    shown = Workspace(ticket, bo, path.now).refusals

    assert (shown["request_suspension"].code, shown["resolve"].code) == ("suspension_open", "open_work")
