"""A fault report as sheets of paper: what the print page, the PDF and the customer's page draw alike."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from quality.reports.clocks import Line
from quality.reports.models import Edition
from quality.reports.queries import ReportView, report_view
from servicedesk.web import pdf, times

ROW_HEIGHT, BAR_WIDTH = 29, 276


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One clock as drawn: y of its words and of its bar, width of what was used, and the words beside it."""

    label: str
    used: str
    limit: str
    kept: bool
    moot: bool
    text_y: int
    bar_y: int
    width: int


class Sheet:
    """A report as read. Times are in the zone of the customer; use it inside `zone()`."""

    def __init__(self, view: ReportView) -> None:
        self.view, self.edition, self.ticket = view, view.edition, view.ticket

    @property
    def inside(self) -> bool:
        return self.view.inside

    def zone(self) -> Any:
        """The time zone of the paper: the customer's, whoever reads it."""
        return timezone.override(ZoneInfo(self.zone_name))

    @property
    def zone_name(self) -> str:
        organisation = self.ticket.organisation
        return organisation.time_zone if organisation else "UTC"

    @property
    def footer(self) -> str:
        """Whose times these are, and where the figures come from."""
        place = self.zone_name.rpartition("/")[2].replace("_", " ")
        named = timezone.localtime(self.edition.filed_at or self.edition.changed_at).tzname()
        return _("Times in %(place)s (%(zone)s). Figures from ticket %(number)s.") % {
            "place": place, "zone": named, "number": self.ticket.number,
        }  # fmt: skip

    @cached_property
    def figures(self) -> list[dict[str, Any]]:
        """The figures in a row; what is not known is a dash."""
        counted = self.view.figures
        made = [
            {"label": _("Interrupted"), "value": _span(self.view.interrupted)},
            {"label": _("Signed for in"), "value": _seconds(counted.sign_s)},
            {"label": _("Reporter contacted in"), "value": _seconds(counted.contact_s)},
        ]
        if self.edition.effect_name and self.edition.effect_value:
            made.append({"label": self.edition.effect_name, "value": self.edition.effect_value})
        return made

    @cached_property
    def bars(self) -> list[Bar]:
        """Every clock and its limit; customers see those that have words for them."""
        shown = [c for c in self.view.figures.clocks if self.inside or c.customer_label]
        return [self._bar(line, row) for row, line in enumerate(shown)]

    def _bar(self, line: Line, row: int) -> Bar:
        label = line.label if self.inside else line.customer_label
        return Bar(
            label=_(label) if label else line.code, kept=line.kept, moot=line.moot, used=_used(line),
            limit=_("of %(length)s") % {"length": times.span(timedelta(seconds=line.limit_s))},
            text_y=18 + row * ROW_HEIGHT, bar_y=10 + row * ROW_HEIGHT, width=max(int(BAR_WIDTH * line.share), 3),
        )  # fmt: skip

    @property
    def bars_height(self) -> int:
        return len(self.bars) * ROW_HEIGHT + 7

    @property
    def bars_words(self) -> str:
        """The drawing in words."""
        said = [f"{bar.label}: {bar.used} {bar.limit}" for bar in self.bars]
        return _("Time used against each limit: %(all)s.") % {"all": "; ".join(said)}

    @property
    def several_days(self) -> bool:
        """Whether events need their day."""
        days = {timezone.localtime(event.at).date() for event in self.view.events}
        return len(days) > 1

    def at(self, instant: datetime) -> str:
        """An event's time: "09:12", with its day where the report spans more than one."""
        if not self.several_days:
            return times.hm(instant)
        return date_format(timezone.localtime(instant), pgettext("day and time, short", "j M H:i"))

    @property
    def dated(self) -> dict[str, str]:
        """The instants a paper names, always with their day: it is read on any other."""
        edition, ticket = self.edition, self.ticket
        named = {
            "began": edition.began_at, "ended": edition.ended_at, "received": ticket.received_at,
            "confirmed": ticket.confirmed_at, "filed": edition.filed_at, "released": edition.released_at,
        }  # fmt: skip
        return {name: _dated(at) for name, at in named.items() if at is not None}

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The course of events."""
        return [{"at": self.at(e.at), "text": e.text, "who": e.who, "record": e.record} for e in self.view.events]

    @property
    def filed_tag(self) -> dict[str, str] | None:
        """Whether it came in its time; None for a draft or where no clock counted."""
        if self.edition.in_time is None:
            return None
        if self.edition.in_time:
            return {"text": _("Filed in time"), "state": "met"}
        return {"text": _("Filed late"), "state": "breached"}

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"fault-report-{self.ticket.number}-v{self.edition.number}.pdf"


def sheet_of(edition: Edition, *, inside: bool) -> Sheet:
    """Return a version as paper, its sentences in the customer's zone. inside False: as the customer reads it."""
    organisation = edition.report.ticket.organisation
    with timezone.override(ZoneInfo(organisation.time_zone if organisation else "UTC")):
        return Sheet(report_view(edition, inside=inside))


def pdf_answer(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Return a sheet as a file, or 503 with the reason in a sentence."""
    try:
        with sheet.zone():
            body = pdf.as_pdf("reports/pdf.html", {"sheet": sheet}, request)
    except pdf.PdfUnavailable as error:
        return HttpResponse(str(error.sentence), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{sheet.name}"'
    return response


def _used(line: Line) -> str:
    if line.moot:
        return _("solved first")
    if line.used_s is not None:
        return times.span(timedelta(seconds=line.used_s))
    return _("kept") if line.kept else _("missed %(n)d times") % {"n": line.times}


def _dated(at: datetime) -> str:
    day = date_format(timezone.localtime(at), pgettext("date format, with year", "D j F Y"))
    return pgettext("day and time", "%(day)s, %(time)s") % {"day": day, "time": times.hm(at)}


def _span(length: timedelta | None) -> str | None:
    return None if length is None else times.span(length)


def _seconds(seconds: int | None) -> str | None:
    return None if seconds is None else times.span(timedelta(seconds=seconds))
