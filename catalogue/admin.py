"""Configuration of what customers have and were promised."""

from django.contrib import admin

from catalogue.models import Alert, Calendar, Entitlement, Holiday, OpeningHours, Service, Site
from ledger.admin import ReadOnlyAdmin, RecordedAdmin


class OpeningHoursInline(admin.TabularInline):
    """Weekly openings."""

    model = OpeningHours
    extra = 1


class HolidayInline(admin.TabularInline):
    """Closed days."""

    model = Holiday
    extra = 1


@admin.register(Calendar)
class CalendarAdmin(RecordedAdmin):
    """Working time: zone, weekly hours, holidays."""

    list_display = ("name", "time_zone", "round_the_clock", "holiday_region")
    inlines = (OpeningHoursInline, HolidayInline)


@admin.register(Entitlement)
class EntitlementAdmin(RecordedAdmin):
    """What a customer was promised, from when to when."""

    list_display = ("organisation", "plan", "calendar", "production", "weekend_cover", "valid_from", "valid_to")
    list_filter = ("plan", "production")
    raw_id_fields = ("organisation",)


@admin.register(Site)
class SiteAdmin(RecordedAdmin):
    """Places of customers."""

    list_display = ("name", "organisation", "region", "time_zone")
    search_fields = ("name",)
    raw_id_fields = ("organisation",)


@admin.register(Service)
class ServiceAdmin(RecordedAdmin):
    """The registry of services (A-09, A-10)."""

    list_display = ("service_id", "name", "organisation", "type", "state", "criticality", "complete")
    list_filter = ("type", "state", "complete")
    search_fields = ("service_id", "name")
    raw_id_fields = ("organisation", "site", "upstream")


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    """What monitoring said."""

    list_display = ("raised_at", "service", "summary", "traffic_affecting", "cleared_at")
    ordering = ("-raised_at",)
