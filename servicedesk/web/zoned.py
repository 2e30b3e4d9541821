"""Forms whose times are walls in a zone that the form itself names."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servicedesk.web.forms import CommandForm

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def in_zone(wall: datetime | None, zone: str) -> datetime | None:
    """Return what a wall in `zone` means; the field read it in the reader's zone."""
    if wall is None or not zone:
        return wall
    return timezone.make_naive(wall).replace(tzinfo=ZoneInfo(zone))


class ZonedForm(CommandForm):
    """Fields named in `zoned` are walls in the zone that is chosen."""

    zoned: Sequence[str] = ("from_at", "to_at")
    zone = forms.ChoiceField(label=_("Zone of these times"), required=False)

    def __init__(self, *args: Any, zones: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = timezone.get_current_timezone_name()
        self.fields["zone"].choices = [(name, name.replace("_", " ")) for name in dict.fromkeys([mine, *zones])]

    def clean(self) -> dict[str, Any]:
        """Read the times again in the chosen zone."""
        data = super().clean() or self.cleaned_data
        for name in self.zoned:
            if data.get(name):
                data[name] = in_zone(data[name], data.get("zone", ""))
        return data
