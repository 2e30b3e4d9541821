"""Fault reports in JSON: one version as read, and what a person writes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from quality.reports.content import Content, Measure
from quality.reports.models import Edition
from quality.reports.people import KINDS, Person
from quality.reports.queries import report_view
from servicedesk.api.fields import Strict
from servicedesk.api.v1.shapes import ById
from tickets.models import Participant


class EditionOut(serializers.ModelSerializer):
    """One version of a report. `version` is what If-Match wants; `sha256` stands in the ledger too, once filed."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    report = serializers.UUIDField(source="report.uuid", read_only=True)
    ticket = serializers.CharField(source="report.ticket.number", read_only=True)
    run_no = serializers.IntegerField(source="report.run_no", read_only=True)
    filed_by = ById(allow_null=True, read_only=True)
    released_by = ById(allow_null=True, read_only=True)

    class Meta:
        model = Edition
        fields = [
            "id", "report", "ticket", "run_no", "number", "version", "why", "title", "summary", "cause", "repair",
            "prevention", "confirmation", "effect_name", "effect_value", "began_at", "ended_at", "filed_at",
            "filed_by", "in_time", "released_at", "released_by", "sha256", "changed_at",
        ]  # fmt: skip
        read_only_fields = fields


class LineOut(serializers.Serializer):
    """One clock and its limit; `used_s` null = it cannot be said in one figure. `times`: how often it was missed."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    limit_s = serializers.IntegerField()
    used_s = serializers.IntegerField(allow_null=True)
    times = serializers.IntegerField()
    moot = serializers.BooleanField()


class EventOut(serializers.Serializer):
    """One line of what happened; `record` is the number of the fact in the ticket's ledger."""

    at = serializers.DateTimeField()
    text = serializers.CharField()
    who = serializers.CharField()
    record = serializers.IntegerField()


class TookPartOut(serializers.Serializer):
    """Who took part in one way."""

    part = serializers.CharField()
    people = serializers.ListField(child=serializers.CharField())


class MeasureOut(serializers.Serializer):
    """What keeps it from returning; `state` of its step: open, done, skipped, empty before it is filed."""

    title = serializers.CharField()
    owner = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    state = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True)


class WholeOut(EditionOut):
    """One version with its figures, events and people. `internal` is empty for whoever may not read it."""

    internal = serializers.SerializerMethodField()
    due_at = serializers.SerializerMethodField()
    clocks = serializers.SerializerMethodField()
    events = serializers.SerializerMethodField()
    participants = serializers.SerializerMethodField()
    measures = serializers.SerializerMethodField()

    class Meta(EditionOut.Meta):
        fields = [*EditionOut.Meta.fields, "internal", "due_at", "clocks", "events", "participants", "measures"]
        read_only_fields = fields

    def _view(self, edition: Edition) -> Any:
        if not hasattr(self, "_read"):
            self._read = report_view(edition, inside=self.context["inside"])
        return self._read

    @extend_schema_field(serializers.CharField())
    def get_internal(self, edition: Edition) -> str:
        """Words for us only."""
        return edition.internal if self.context["inside"] else ""

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_due_at(self, edition: Edition) -> Any:
        """By when it was due; null where no clock counts."""
        due = self._view(edition).figures.due_at
        return serializers.DateTimeField().to_representation(due) if due else None

    @extend_schema_field(LineOut(many=True))
    def get_clocks(self, edition: Edition) -> Any:
        """Every clock and its limit."""
        lines = self._view(edition).figures.clocks
        return LineOut([c for c in lines if self.context["inside"] or c.customer_label], many=True).data

    @extend_schema_field(EventOut(many=True))
    def get_events(self, edition: Edition) -> Any:
        """What happened, oldest first."""
        return EventOut(self._view(edition).events, many=True).data

    @extend_schema_field(TookPartOut(many=True))
    def get_participants(self, edition: Edition) -> Any:
        """Who took part."""
        return [{"part": part, "people": list(names)} for part, names in self._view(edition).parts]

    @extend_schema_field(MeasureOut(many=True))
    def get_measures(self, edition: Edition) -> Any:
        """What keeps it from returning."""
        return MeasureOut(self._view(edition).measures, many=True).data


class PersonIn(Strict):
    """Somebody who took part: one of user, contact, team (ids) or label (a name)."""

    part = serializers.ChoiceField(Participant.Part.choices)
    user = serializers.UUIDField(required=False)
    contact = serializers.UUIDField(required=False)
    team = serializers.UUIDField(required=False)
    label = serializers.CharField(max_length=120, required=False)  # type: ignore[assignment]
    note = serializers.CharField(max_length=120, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one way of naming them."""
        if sum(name in attrs for name in (*KINDS, "label")) != 1:
            raise serializers.ValidationError("Give one of user, contact, team, label.")
        return attrs


class MeasureIn(Strict):
    """One measure."""

    title = serializers.CharField(max_length=200)
    owner = serializers.UUIDField(required=False)
    due_on = serializers.DateField(required=False)


class ContentIn(Strict):
    """What is written; what is left out stays. Lists replace the old ones."""

    title = serializers.CharField(max_length=200, required=False, allow_blank=True)
    summary = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    cause = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    repair = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    prevention = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    confirmation = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    internal = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    effect_name = serializers.CharField(max_length=40, required=False, allow_blank=True)
    effect_value = serializers.CharField(max_length=20, required=False, allow_blank=True)
    began_at = serializers.DateTimeField(required=False)
    ended_at = serializers.DateTimeField(required=False)
    people = PersonIn(many=True, required=False)
    measures = MeasureIn(many=True, required=False)

    def content(self) -> Content:
        """Return what was written, for the command."""
        given = dict(self.validated_data)
        if "people" in given:
            given["people"] = [Person(**{k: str(v) for k, v in row.items()}) for row in given["people"]]
        if "measures" in given:
            given["measures"] = [Measure(**row) for row in given["measures"]]
        return Content(**given)


class FileIn(Strict):
    """Filing: somebody looked through the people (C-24)."""

    people_confirmed = serializers.BooleanField()


class AmendIn(Strict):
    """Why a new version."""

    reason = serializers.CharField(max_length=400)
