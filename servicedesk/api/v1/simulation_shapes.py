"""What the API takes and shows of simulations."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from escalation.models import Simulation
from escalation.simulator.synthetic import ARRIVALS
from servicedesk.api.fields import Strict

COUNTS = {"type": "object", "additionalProperties": {"type": "integer"}}


@extend_schema_field(COUNTS)
class Counts(serializers.DictField):
    """Whole numbers by the code of a rule."""

    child = serializers.IntegerField()


class SimulationIn(Strict):
    """Two versions ("current", "draft" or a number), and what to run them over: one ticket, a scenario, or the stored
    tickets from `first` to `last`; the last 90 days where nothing is said."""

    policy = serializers.CharField(max_length=40, help_text="Key of the policy, e.g. fault_handling")
    old = serializers.CharField(max_length=12, default="current")
    new = serializers.CharField(max_length=12, default="draft")
    ticket = serializers.CharField(max_length=20, required=False)
    scenario = serializers.ChoiceField(choices=sorted(ARRIVALS), required=False)
    first = serializers.DateTimeField(required=False)
    last = serializers.DateTimeField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse two sources at once."""
        given = [name for name in ("ticket", "scenario", "first") if name in attrs]
        if len(given) > 1:
            raise serializers.ValidationError({given[1]: ["Give one of ticket, scenario, or first and last."]})
        return attrs


class SourceOut(serializers.Serializer):
    """What it ran over. A scenario has `scenario` and `cases`; tickets have their stretch of time."""

    ticket = serializers.CharField(allow_null=True)
    scenario = serializers.CharField(allow_null=True)
    first = serializers.DateTimeField(allow_null=True)
    last = serializers.DateTimeField(allow_null=True)


class NightOut(serializers.Serializer):
    """People of a role told in one hour of the customers' nights."""

    role = serializers.CharField()
    hour = serializers.IntegerField(min_value=0, max_value=23)
    told = serializers.IntegerField()


class CalledOut(serializers.Serializer):
    """How often one person was called. person: id, or a role in a scenario."""

    person = serializers.CharField()
    told = serializers.IntegerField()


class WaitOut(serializers.Serializer):
    """Seconds from the start of a case to the first person told: the middle case and the ninetieth of a hundred."""

    median = serializers.IntegerField()
    p90 = serializers.IntegerField()


class FiguresOut(serializers.Serializer):
    """What one version did."""

    cases = serializers.IntegerField()
    firings = serializers.IntegerField()
    pages = serializers.IntegerField()
    nobody = serializers.IntegerField()
    top = serializers.IntegerField()
    woken = serializers.IntegerField()
    people = serializers.IntegerField()
    night_pages = serializers.IntegerField()
    by_code = Counts()
    breaches = Counts()
    breached_cases = Counts()
    night = NightOut(many=True)
    most_called = CalledOut(many=True)
    to_first_s = WaitOut(allow_null=True)


class ChangedOut(serializers.Serializer):
    """A firing that only one version has."""

    rule = serializers.CharField()
    occurrence = serializers.IntegerField()
    due_at = serializers.DateTimeField()


class MovedOut(serializers.Serializer):
    """A firing that both have, at different times."""

    rule = serializers.CharField()
    occurrence = serializers.IntegerField()
    before = serializers.DateTimeField()
    after = serializers.DateTimeField()


class DifferenceOut(serializers.Serializer):
    """One case in which the versions differ; `case` begins with the ticket's number. more: differences not listed."""

    case = serializers.CharField()
    added = ChangedOut(many=True)
    removed = ChangedOut(many=True)
    moved = MovedOut(many=True)
    more = serializers.IntegerField()


class ResultOut(serializers.Serializer):
    """What changes from the old version to the new. Of the cases that differ at most 200 are listed."""

    cases = serializers.IntegerField()
    differing = serializers.IntegerField()
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    moved = serializers.IntegerField()
    old = FiguresOut()
    new = FiguresOut()
    differences = DifferenceOut(many=True)


class SimulationOut(serializers.ModelSerializer):
    """One simulation. `cases_done` grows while it runs; `result` is null until its state is done, and in lists."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    policy = serializers.CharField(source="policy.key", read_only=True)
    old = serializers.CharField(source="old_name", read_only=True)
    new = serializers.CharField(source="new_name", read_only=True)
    source: serializers.SerializerMethodField = serializers.SerializerMethodField()  # type: ignore[assignment]
    cases_done = serializers.IntegerField(source="done", read_only=True)
    result = serializers.SerializerMethodField()

    class Meta:
        model = Simulation
        fields = ["id", "policy", "old", "new", "source", "state", "requested_at", "cases_done", "took_ms", "result"]
        read_only_fields = fields

    @extend_schema_field(SourceOut)
    def get_source(self, made: Simulation) -> Any:
        """Return what it ran over."""
        said = made.source
        return SourceOut({
            "ticket": said.get("ticket"), "scenario": said.get("synthetic"), "first": said.get("from"),
            "last": said.get("to"),
        }).data  # fmt: skip

    @extend_schema_field(ResultOut(allow_null=True))
    def get_result(self, made: Simulation) -> Any:
        """Return what it found, where one simulation is shown."""
        listed = self.context.get("differences")
        if listed is None or made.found is None:
            return None
        sides = {side: figures(made.found[side]) for side in ("old", "new")}
        return ResultOut(made.found | sides | {"differences": [difference(one) for one in listed]}).data


def figures(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return kept figures with their rows as objects."""
    night = [{"role": role, "hour": hour, "told": n} for role, hour, n in said["night"]]
    return {**said, "night": night, "most_called": [{"person": who, "told": n} for who, n in said["most_called"]]}


def difference(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return one kept difference with its rows as objects."""
    one = {
        change: [{"rule": code, "occurrence": n, "due_at": at} for code, n, at in said[change]]
        for change in ("added", "removed")
    }
    moved = [{"rule": code, "occurrence": n, "before": was, "after": now} for code, n, was, now in said["moved"]]
    return {"case": said["case"], "more": said["more"], "moved": moved, **one}
