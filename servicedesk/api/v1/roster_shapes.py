"""What the API takes and shows of rosters, swaps and absences."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Absence, Organisation, User
from catalogue.models import Calendar
from escalation.board_absences import may_read_reason
from escalation.commands.roster_layer import LONGEST, MOST
from escalation.models import Roster, RosterLayer, RosterOverride, RosterSwap
from servicedesk.api.fields import Ref, Strict
from servicedesk.api.v1.shapes import ById

ANSWERS = ("accept", "decline", "withdraw")
WALL = r"^([01]\d|2[0-3]):[0-5]\d$"


def staff(_actor: Any) -> Any:
    """Every active member of staff: whom a roster may name is judged by the command."""
    return User.objects.filter(kind=User.Kind.STAFF, is_active=True)


class Person(Ref):
    """A member of staff by public id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(staff, name="member of staff", **kwargs)


class SwapOut(serializers.ModelSerializer):
    """Hours one person asks another to take, and what they take in return."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    roster = ById(read_only=True)
    asker = ById(read_only=True)
    other = ById(read_only=True)

    class Meta:
        model = RosterSwap
        fields = [
            "id", "roster", "asker", "other", "from_at", "to_at", "back_from_at", "back_to_at", "state", "asked_at",
            "answered_at",
        ]  # fmt: skip
        read_only_fields = fields


class PlaceIn(Strict):
    """Where a roster holds: everywhere, in one region, or for one customer. Name one of them, or neither."""

    region = serializers.CharField(max_length=32, required=False)
    organisation = Ref(lambda actor: Organisation.objects.visible_to(actor), name="organisation", required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse both at once."""
        if len(attrs) > 1:
            raise serializers.ValidationError(_("Name a region or an organisation, not both."))
        return attrs


def scope_of(place: dict[str, Any] | None) -> str:
    """Return a place in the words of the commands."""
    if place and "region" in place:
        return f"region:{place['region']}"
    return f"customer:{place['organisation']}" if place and "organisation" in place else "global"


class FactsIn(Strict):
    """What a roster is called and must cover; what is left out is none."""

    name = serializers.CharField(max_length=80)
    time_zone = serializers.CharField(max_length=64)
    calendar = Ref(
        lambda actor: Calendar.objects.all(), name="calendar", source="calendar_id", required=False, allow_null=True
    )
    deputy = Person(source="deputy_id", required=False, allow_null=True)
    most_hours = serializers.IntegerField(min_value=1, max_value=168, required=False, allow_null=True)
    least_rest = serializers.IntegerField(min_value=1, max_value=72, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return every fact, None for those left out."""
        return {"calendar_id": None, "deputy_id": None, "most_hours": None, "least_rest": None} | attrs


class RosterIn(FactsIn):
    """A new roster. `role`: a role or `team:<id>`."""

    role = serializers.CharField(max_length=60)
    place = PlaceIn(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return what the command takes."""
        place = attrs.pop("place", None)
        return super().validate(attrs) | {"scope": scope_of(place)}


class WindowIn(Strict):
    """Hours of one weekday (0 = Monday); `to` not after `from` = until that time of the next day."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    to = serializers.RegexField(WALL)

    def get_fields(self) -> dict[str, Any]:
        """With `from`, which is a word of the language."""
        return {**super().get_fields(), "from": serializers.RegexField(WALL)}


class LayerIn(Strict):
    """One rotation; the layer of the same name is replaced from the first hand-off on."""

    name = serializers.CharField(max_length=60)
    members = serializers.ListField(child=Person(), min_length=1, max_length=MOST)
    unit = serializers.ChoiceField(choices=RosterLayer.Unit.choices)
    length = serializers.IntegerField(min_value=1, max_value=LONGEST)
    handoff = serializers.TimeField()
    starts_on = serializers.DateField()
    time_zone = serializers.CharField(max_length=64, required=False)
    windows = serializers.ListField(child=WindowIn(), max_length=21, required=False)
    position = serializers.IntegerField(min_value=0, max_value=LONGEST, required=False)
    base = serializers.BooleanField(required=False)
    entitled_weekend = serializers.BooleanField(required=False)
    accept_gap = serializers.BooleanField(required=False, help_text="Hours may stay empty")


class WhyIn(Strict):
    """A reason, and whether hours may stay empty."""

    reason = serializers.CharField(max_length=200)
    accept_gap = serializers.BooleanField(required=False, help_text="Hours may stay empty")


class EndLayerIn(WhyIn):
    """Which layer ends now."""

    name = serializers.CharField(max_length=60)


class HoursIn(Strict):
    """A stretch of time, [from_at, to_at)."""

    from_at = serializers.DateTimeField()
    to_at = serializers.DateTimeField()


class OverrideIn(HoursIn):
    """One person above every layer."""

    person = Person(source="user_id")
    reason = serializers.CharField(max_length=200)


class RemoveOverrideIn(WhyIn):
    """Which override ends now."""

    override = Ref(lambda actor: RosterOverride.objects.filter(roster__in=Roster.objects.visible_to(actor)),
                   name="override", source="override_id")  # fmt: skip


class SwapIn(HoursIn):
    """Hours that `other` is asked to take. `asker` left out = one's own; back_…: hours of theirs taken in return."""

    asker = Person(source="asker_id", required=False)
    other = Person(source="other_id")
    back_from_at = serializers.DateTimeField(required=False)
    back_to_at = serializers.DateTimeField(required=False)
    reason = serializers.CharField(max_length=200, required=False)


class AnswerIn(Strict):
    """What becomes of a swap that was asked. Only who was asked accepts or declines."""

    swap = Ref(lambda actor: RosterSwap.objects.filter(roster__in=Roster.objects.visible_to(actor)),
               name="swap", source="swap_id")  # fmt: skip
    answer = serializers.ChoiceField(choices=ANSWERS)


class AbsenceIn(HoursIn):
    """When a person cannot be called. `accept_turns`: the turns it empties may be left for now."""

    person = Person(source="user_id")
    reason = serializers.CharField(max_length=200)
    accept_turns = serializers.BooleanField(required=False)


class AbsenceOut(serializers.ModelSerializer):
    """When a person cannot be called. `reason` null for whoever may not read it."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    person = ById(source="user", read_only=True)
    reason = serializers.SerializerMethodField()

    class Meta:
        model = Absence
        fields = ["id", "person", "from_at", "to_at", "reason", "made_at", "ended_at"]
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"]})
    def get_reason(self, absence: Absence) -> str | None:
        """Return why, to who may enter absences of that person."""
        actor = self.context.get("actor")
        return absence.reason if actor is not None and may_read_reason(actor, absence) else None
