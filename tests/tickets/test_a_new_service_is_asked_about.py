"""An inquiry about a new service: four answers, and a consultation with a calendar file (V-07)."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from ledger.models import Entry
from tests.refusals import refused
from tickets.commands.appointment import cancel_appointment, make_appointment, move_appointment
from tickets.commands.inquiry import record_inquiry
from tickets.invitation import invitation
from tickets.models import SalesInquiry
from tickets.seed import seed_configuration

pytestmark = [pytest.mark.django_db, pytest.mark.rule("V-07")]
WANTED = {"kind": "inquiry", "category": "new_service", "service_id": None, "no_service_reason": "A new service"}
SAID = {"infrastructure": "Two leased lines", "objectives": "Three more clinics", "timeline": "Before Christmas"}
HOUR = timedelta(hours=1)


@pytest.fixture
def inquiry(path):
    seed_configuration()
    return path.triaged(**WANTED)


def test_the_answers_given_are_kept_and_later_ones_join_them(path, cast, inquiry):
    who = {"ticket_id": inquiry.pk, "actor": cast.bo_actor}
    record_inquiry(**who, at=path.tick(), **SAID)
    record_inquiry(**who, at=path.tick(), requirements="Redundant ways in")

    kept = SalesInquiry.objects.get()
    assert (kept.infrastructure, kept.requirements) == ("Two leased lines", "Redundant ways in")
    assert "Two leased lines" not in str(Entry.objects.filter(name="ticket.inquiry_recorded").first().data)


def test_a_fault_has_no_such_answers_and_an_empty_form_says_so(path, cast, inquiry):
    with refused("nothing", "infrastructure"):
        record_inquiry(ticket_id=inquiry.pk, actor=cast.bo_actor, at=path.tick(), infrastructure="  ")
    with refused("not_an_inquiry"):
        record_inquiry(ticket_id=path.triaged().pk, actor=cast.bo_actor, at=path.tick(), **SAID)


def test_the_playbook_of_a_new_service_follows(inquiry):
    assert "Technical consultation arranged" in [item.title for item in inquiry.work_items.all()]


def test_an_invitation_keeps_its_name_and_counts_its_changes(path, cast, inquiry):
    at, who = path.tick(), {"actor": cast.bo_actor, "at": path.now}
    made = make_appointment(ticket_id=inquiry.pk, starts_at=at + HOUR, minutes=60, place="Level 4", **who)
    first = Calendar.from_ical(invitation(made, at=at, attendees=[("Ada Lund", "ada@northgate.example")]))
    moved = move_appointment(appointment_id=made.pk, starts_at=at + 2 * HOUR, minutes=30, **who)
    second = Calendar.from_ical(invitation(moved, at=at, attendees=[]))
    off = cancel_appointment(appointment_id=made.pk, **who)
    third = Calendar.from_ical(invitation(off, at=at, attendees=[]))

    events = [calendar.walk("VEVENT")[0] for calendar in (first, second, third)]
    assert len({str(event["uid"]) for event in events}) == 1
    assert [int(event["sequence"]) for event in events] == [0, 1, 2]
    assert [str(c["method"]) for c in (first, second, third)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert (events[0].decoded("dtstart"), events[1].decoded("dtend")) == (at + HOUR, at + 2 * HOUR + HOUR / 2)
    assert str(events[0]["attendee"]) == "mailto:ada@northgate.example" and str(events[0]["location"]) == "Level 4"


def test_what_cannot_be_an_appointment_is_refused_with_the_field(path, cast, inquiry):
    at, who = path.tick(), {"actor": cast.bo_actor, "at": path.now}
    with refused("past_due", "starts_at"):
        make_appointment(ticket_id=inquiry.pk, starts_at=at, minutes=60, **who)
    with refused("bad_length", "minutes"):
        make_appointment(ticket_id=inquiry.pk, starts_at=at + HOUR, minutes=600, **who)
    made = make_appointment(ticket_id=inquiry.pk, starts_at=at + HOUR, minutes=60, **who)
    cancel_appointment(appointment_id=made.pk, **who)
    with refused("over"):
        move_appointment(appointment_id=made.pk, starts_at=at + HOUR, minutes=60, **who)
