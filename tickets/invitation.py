"""An appointment as a calendar file (RFC 5545, 5546): an invitation, its change, or its cancelling. Pure."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from tickets.models import Appointment


def invitation(appointment: Appointment, *, at: datetime, attendees: list[tuple[str, str]]) -> bytes:
    """Return the file; the same appointment keeps its UID, a change raises its SEQUENCE, every instant is in UTC.

    attendees  (name, address) of those invited; one without an address is left out.
    """
    host = urlsplit(settings.BASE_URL).hostname or "desk"
    off = appointment.cancelled_at is not None
    made = Calendar()
    made.add("prodid", "-//Service desk//Appointments//EN")
    made.add("version", "2.0")
    made.add("method", "CANCEL" if off else "REQUEST")
    event = Event()
    event.add("uid", f"{appointment.uuid}@{host}")
    event.add("sequence", appointment.sequence)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    event.add("dtstamp", at.replace(microsecond=0))
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.ends_at)
    event.add("summary", f"{appointment.subject} [{appointment.ticket.number}]")
    if appointment.place:
        event.add("location", appointment.place)
    event["organizer"] = _address(settings.OPERATOR_NAME, settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("> "))
    for name, address in attendees:
        if address:
            event.add("attendee", _address(name, address), encode=False)
    made.add_component(event)
    return made.to_ical()


def _address(name: str, address: str) -> vCalAddress:
    written = vCalAddress(f"mailto:{address}")
    if name:
        written.params["cn"] = vText(name)
    return written
