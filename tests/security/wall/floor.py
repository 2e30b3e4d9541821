"""Planned work that touches one customer, and a problem of its service."""

from datetime import datetime, timedelta

from accounts.models import Organisation, User
from catalogue.models import Service
from tickets.models import Maintenance, MaintenanceImpact, Problem

HOUR = timedelta(hours=1)


def plant_floor(organisation: Organisation, owner: User, text: str, at: datetime) -> dict[str, str]:
    """Return the public ids of what was made; its customer was told of the work."""
    service = Service.objects.filter(organisation=organisation).earliest("pk")
    window = Maintenance.objects.create(
        number="MW-9001", title=text, words=text, way_back=text, starts_at=at + HOUR, ends_at=at + 2 * HOUR,
        time_zone="UTC", owner=owner, requested_by=owner, created_at=at, state="requested", needed=["technical"],
        noticed_at=at, requested_at=at, notice_by=at,
    )  # fmt: skip
    window.services.add(service)
    MaintenanceImpact.objects.create(
        maintenance=window, service=service, organisation=organisation, cause="direct", told_at=at
    )
    said = {"title": text, "known_error": text, "workaround": text, "state": "known", "opened_at": at}
    made, _new = Problem.objects.update_or_create(
        service=service, state__in=Problem.LIVE, defaults=said,
        create_defaults={**said, "number": "PR-9001", "organisation": organisation, "service": service},
    )  # fmt: skip
    return {"maintenance": str(window.uuid), "problem": str(made.uuid)}
