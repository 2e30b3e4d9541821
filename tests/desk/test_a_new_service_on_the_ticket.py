"""The four answers and the consultation on the page of an inquiry, by its own forms (V-07)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.tickets.test_a_new_service_is_asked_about import WANTED
from tickets.models import Appointment, SalesInquiry


@pytest.mark.rule("V-07")
def test_answers_and_consultation_are_written_moved_and_called_off(bo, path, now, cast):
    ticket = path.triaged(**WANTED)
    at = now()

    def post(slug: str, **data) -> None:
        answer = bo.post(reverse(f"desk:ticket-{slug}", args=[ticket.number]), data)
        assert answer.status_code == 303, answer.content.decode()[-3000:]

    post("inquiry", objectives="Three more clinics", timeline="")
    post("appointment", starts_at=f"{at + timedelta(hours=3):%Y-%m-%dT%H:%M}", minutes="60", host=str(cast.cy.uuid))
    meeting = Appointment.objects.get()
    page = bo.get(reverse("desk:ticket", args=[ticket.number])).content.decode()
    assert "Three more clinics" in page and "Technical consultation" in page and cast.cy.name in page
    named = {"appointment": str(meeting.uuid)}
    post("appointment-move", **named, starts_at=f"{at + timedelta(hours=5):%Y-%m-%dT%H:%M}", minutes="30")
    post("appointment-cancel", **named)

    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.ends_at - meeting.starts_at) == (2, timedelta(minutes=30))
    assert meeting.cancelled_at is not None and SalesInquiry.objects.get().objectives == "Three more clinics"
