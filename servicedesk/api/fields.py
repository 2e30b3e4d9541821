"""References by public id: outsiders never see or send an integer key."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ledger.actor import Actor
from servicedesk.api.auth import actor_of


@extend_schema_field({"type": "string", "format": "uuid"})
class Ref(serializers.Field):
    """A UUID of something the actor may see. Internal value: the row's key. A foreign id is unknown.

    rows  called with the actor, returns the queryset that may be referred to.
    """

    default_error_messages = {"unknown": _("There is no such {name}."), "invalid": _("This is not an id (UUID).")}

    def __init__(
        self, rows: Callable[[Actor], QuerySet], name: str = "object", lookup: str = "uuid", **kwargs: Any
    ) -> None:
        self.rows, self.name, self.lookup = rows, name, lookup
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        """Return the key of the visible row with that id; fails with `unknown` otherwise."""
        if not isinstance(data, str) or len(data) > 64:
            self.fail("invalid")
        if self.lookup == "uuid":
            data = serializers.UUIDField().run_validation(data)
        found = (
            self.rows(actor_of(self.context["request"]))
            .filter(**{self.lookup: data})
            .values_list("pk", flat=True)
            .first()
        )
        if found is None:
            self.fail("unknown", name=self.name)
        return found

    def to_representation(self, value: Any) -> str:
        """Return the public id of a related row."""
        return str(getattr(value, self.lookup))


class TicketNumber(Ref):
    """A ticket referred to by its number."""

    def __init__(self, **kwargs: Any) -> None:
        from tickets.models import Ticket

        super().__init__(lambda actor: Ticket.objects.visible_to(actor), name="ticket", lookup="number", **kwargs)


class Strict(serializers.Serializer):
    """A serializer that refuses fields it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse unknown keys, then validate."""
        if isinstance(data, dict):
            unknown = set(data) - set(self.fields)
            if unknown:
                raise serializers.ValidationError(
                    {name: [_("This field is not known here.")] for name in sorted(unknown)}
                )
        return super().to_internal_value(data)
