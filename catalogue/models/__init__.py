"""What we promised: calendars, entitlements, sites, services, alerts."""

from catalogue.models.calendar import Calendar, Holiday, OpeningHours
from catalogue.models.entitlement import Entitlement
from catalogue.models.service import Alert, Service, Site

__all__ = ["Alert", "Calendar", "Entitlement", "Holiday", "OpeningHours", "Service", "Site"]
