"""Why a deadline is when it is, over REST."""

from typing import Any

from rest_framework import serializers

from escalation.explain import Explanation, explain, segments_of
from escalation.models import Clock, Timer
from ledger import clock as desk_clock
from servicedesk.web.why import LOADED

SECOND_US = 1_000_000


class ApprovalOut(serializers.Serializer):
    """One function's approval of the pause."""

    function = serializers.CharField()
    person = serializers.UUIDField(source="person.uuid")
    at = serializers.DateTimeField()


class PartOut(serializers.Serializer):
    """A stretch of real time: counted, closed (outside the hours), paused, or passed (already due when armed)."""

    kind = serializers.ChoiceField(choices=["counted", "closed", "paused", "passed"])
    from_at = serializers.DateTimeField()
    to_at = serializers.DateTimeField(allow_null=True)
    counted_seconds = serializers.SerializerMethodField()
    suspension = serializers.UUIDField(source="suspension.uuid", default=None, allow_null=True)
    approvals = ApprovalOut(many=True)

    def get_counted_seconds(self, part: Any) -> float:
        """Seconds on the clock."""
        return part.counted_us / SECOND_US


class ExplanationOut(serializers.Serializer):
    """Why one rule is due when it is. The parts' `counted_seconds` add up to `wait_seconds`."""

    rule = serializers.CharField(source="code")
    label: serializers.CharField = serializers.CharField()  # type: ignore[assignment]
    state = serializers.CharField()
    anchor = serializers.CharField()
    counts_from = serializers.DateTimeField()
    wait_seconds = serializers.SerializerMethodField()
    working_days = serializers.IntegerField(source="days")
    due_at = serializers.DateTimeField(allow_null=True)
    left_seconds = serializers.SerializerMethodField()
    moved = serializers.BooleanField()
    late = serializers.BooleanField()
    calendar = serializers.CharField(allow_blank=True)
    policy = serializers.CharField()
    version = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    parts = PartOut(many=True)

    def get_wait_seconds(self, told: Any) -> float:
        """Seconds on the clock the rule waits."""
        return told.wait_us / SECOND_US

    def get_left_seconds(self, told: Any) -> float:
        """Seconds that remain when a paused clock goes on; 0 while it runs."""
        return told.left_us / SECOND_US


def explanations(clock: Clock) -> list[Explanation]:
    """Return the explanation of each rule's last timer on a clock, in the policy's order.

    4 queries however many rules it has, one more for each calendar it counted on.
    """
    rows = Timer.objects.filter(clock=clock).select_related(*LOADED).order_by("rule__position", "occurrence")
    last = {timer.rule_code: timer for timer in rows}
    at, segments = desk_clock.now(), segments_of(clock.pk)
    for timer in last.values():
        timer.clock = next(iter(last.values())).clock
    return [explain(timer, at, segments=segments) for timer in last.values()]
