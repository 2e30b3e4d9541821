"""The sheet: drafted from live state in four parts, signed by the giver, accepted by another person, then fixed."""

from datetime import timedelta

import pytest

from escalation.commands.handover_draft import open_handover, refresh_handover
from escalation.commands.handover_notes import note_line, note_part
from escalation.commands.handover_sign import sign_handover
from escalation.commands.roster import override
from escalation.models import Clock, Handover
from ledger.errors import Refused
from tests.factories.clocks import MINUTE, dispatched_ticket, put
from tests.factories.rosters import give
from tests.factories.shifts import sheet

HOUR = timedelta(hours=1)


def by_part(handover):
    rows = handover.lines.values_list("part", "title")
    return {part: [title for word, title in rows if word == part] for part in ("hot", "active", "top")}


@pytest.mark.rule("A-05")
def test_a_sheet_is_drafted_from_live_state_in_its_parts_and_each_line_knows_its_ticket(cast, drafted, floor, nine):
    assert by_part(drafted) == {"hot": ["Calls fail"], "active": ["Fax fails"], "top": ["Roll back"]}
    assert (drafted.outgoing, drafted.incoming) == (cast.mo, cast.cy)
    assert (drafted.starts_at, drafted.ends_at) == (nine + 5 * HOUR, nine + 5.5 * HOUR) and drafted.overlaps
    hot = drafted.lines.get(part="hot")
    assert (hot.ticket, hot.escalation) == (floor["escalation"].ticket, floor["escalation"])
    assert hot.facts["organisation"] == "Northgate Health Alliance" and hot.facts["escalation"]["stage"] == 1
    assert drafted.lines.get(part="top").due_code == "promise"
    assert drafted.figures == {"open": 3, "urgent": 1, "due": 3, "escalations": 1, "calls": 0}


def test_a_sheet_is_opened_once_and_only_where_a_shift_begins_and_somebody_takes_it(cast, drafted, floor, nine):
    again = sheet(cast, floor["evening"], floor["begins"], nine + 5 * HOUR)
    assert again == drafted and Handover.objects.count() == 1

    for starts_at, actor, code in (
        (floor["begins"] + MINUTE, cast.cy_actor, "unknown_change"), (floor["begins"], cast.bo_actor, "not_allowed"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            open_handover(shift_id=floor["evening"].pk, starts_at=starts_at, actor=actor, at=nine)
        assert refused.value.code == code


def test_restricted_tickets_are_on_no_sheet(cast, floor, nine):
    put(floor["due"], restricted=True)
    made = sheet(cast, floor["evening"], floor["begins"], nine + 4 * HOUR)

    assert not made.lines.filter(ticket=floor["due"]).exists()


@pytest.mark.rule("A-05")
def test_drafted_anew_it_keeps_what_was_written_and_tells_what_changed_since_the_last(cast, drafted, floor, nine):
    at, line = nine + 4.5 * HOUR, drafted.lines.get(part="hot")
    note_line(handover_id=drafted.pk, line=line.uuid, text=" Call her yourself. ", actor=cast.mo_actor, at=at)
    note_part(handover_id=drafted.pk, part="risk", text="Storm tonight", actor=cast.mo_actor, at=at)
    new = dispatched_ticket(cast, at, title="Second fault")

    refresh_handover(handover_id=drafted.pk, actor=cast.mo_actor, at=at + MINUTE)

    assert drafted.lines.get(key=line.key).note == "Call her yourself." and by_part(drafted)["hot"][-1] == new.title
    assert Handover.objects.get().notes == {"risk": "Storm tonight"}
    sign_handover(handover_id=drafted.pk, actor=cast.mo_actor, at=at + 2 * MINUTE)
    put(floor["due"], state="closed", closed_at=at)
    put(new, priority="P2", last_public_at=at)
    day = drafted.outgoing_shift
    tomorrow = sheet(cast, day, nine.replace(hour=6) + timedelta(days=1), nine + 13 * HOUR)
    told = {(said["title"], said["what"]): said["fields"] for said in tomorrow.changes}
    assert told["Fax fails", "gone"] == {"state": ["l1", "closed"]}
    assert told["Second fault", "changed"]["priority"] == ["P1", "P2"]
    assert tomorrow.previous == drafted


@pytest.mark.rule("A-05")
def test_a_roster_that_changed_meanwhile_changes_who_hands_over_and_who_is_called(cast, drafted, nine):
    give("duty_manager", cast.sam)
    override(role="duty_manager", user_id=cast.sam.pk, from_at=nine + 5 * HOUR, to_at=nine + 13 * HOUR, reason="Leave",
             actor=cast.cy_actor, at=nine)  # fmt: skip

    refresh_handover(handover_id=drafted.pk, actor=cast.cy_actor, at=nine + 4.5 * HOUR)

    kept = Handover.objects.get()
    assert (kept.outgoing, kept.incoming) == (cast.mo, cast.sam)
    people = Clock.objects.get(subject_kind="handover").people
    assert people == {"outgoing_manager": cast.mo.pk, "incoming_manager": cast.sam.pk}
