"""Before a call is logged the agent sees which clocks would start and when they are due: the very ones then armed."""

import re

import pytest
from django.http import QueryDict
from django.urls import reverse

from escalation.models import Timer
from servicedesk.desk import acts
from servicedesk.desk.room import Room
from servicedesk.desk.surroundings import Surroundings
from tests.desk.test_a_call_at_the_door import TRIAGE, said
from tests.tickets.path import PIN
from tickets.models import Interaction, Ticket

HIGH = {"impact": "high", "urgency": "high"}


@pytest.fixture
def proved(bo, path, now, cast) -> str:
    """A call of a verified caller."""
    now()
    call = bo.post(reverse("desk:call-new"), {"number": "+61355500142"})["Location"]
    assert "Verified" in bo.post(call, said(cast, act="check", proof=PIN)).content.decode()
    return call


@pytest.mark.parametrize("more", [{}, HIGH, {"kind": "request", **HIGH}, {"critical": "on"}], ids=str)
def test_what_is_foretold_is_what_is_armed(proved, cast, path, more):
    data = QueryDict(mutable=True)
    data.update(said(cast, service=str(cast.service.uuid), **TRIAGE) | more)
    room = Room(Interaction.objects.get(), cast.bo_actor, path.tick(), data)

    foretold = {(one.code, one.due_at) for one in Surroundings(room).forecast.rules}
    acts.log(room)

    armed = Timer.objects.filter(clock__ticket=Ticket.objects.get(), clock__subject_kind="ticket", state="armed")
    assert foretold == set(armed.values_list("rule_code", "due_at")) and len(foretold) >= 1


def test_the_triage_says_them_before_and_the_script_after(bo, proved, cast):
    asked = said(cast, service=str(cast.service.uuid), **TRIAGE)
    assert "call-clocks" not in bo.post(proved, said(cast, act="keep")).content.decode()
    page = bo.post(proved, {**asked, "act": "keep"}).content.decode()
    clocks = page.split('id="call-clocks"')[1].split("</section>")[0]
    assert "Signed for" in clocks and "then the reporter contacted within" in clocks and "to management" in clocks
    assert re.search(r"Tell the caller: <strong>“news by <time.*?, solved by <time", page)

    bo.post(proved, {**asked, "act": "log"})
    told = bo.get(proved).content.decode()
    assert "We mean to have it solved by" in told and "Clocks that run" in told
