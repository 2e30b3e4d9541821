"""Escalations, clocks, firings and notifications, to read; requests go through the ticket's command."""

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from escalation.commands.acknowledge import acknowledge
from escalation.models import Ack, Clock, Duty, Escalation, Firing, Notification
from ledger import clock
from servicedesk.api.base import once
from servicedesk.api.v1.customers import Read
from servicedesk.api.v1.explanations import ExplanationOut, explanations
from servicedesk.api.v1.shapes import ById
from tickets.models import Ticket

KEY = OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)


class NotificationOut(serializers.ModelSerializer):
    """One person told of one firing by one channel: meant (`created_at`), rendered, handed over (`sent_at`), the
    provider's receipt, seen; `held_at` = held by bundling since. The human confirmation stands on the duty."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    ticket = serializers.CharField(source="ticket.number", default=None, allow_null=True, read_only=True)
    user = ById(allow_null=True, read_only=True)

    class Meta:
        model = Notification
        fields = [
            "id",
            "ticket",
            "role",
            "user",
            "channel",
            "kind",
            "state",
            "created_at",
            "rendered_at",
            "held_at",
            "sent_at",
            "receipt",
            "receipt_at",
            "seen_at",
            "attempts",
        ]
        read_only_fields = fields


class DutyOut(serializers.ModelSerializer):
    """Who has to be told by when, and the human act that proves it."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    person = ById(allow_null=True, read_only=True)
    confirmed_by = ById(allow_null=True, read_only=True)
    notifications = NotificationOut(many=True, read_only=True)

    class Meta:
        model = Duty
        fields = [
            "id",
            "stage",
            "role",
            "person",
            "told_at",
            "due_at",
            "confirmed_at",
            "confirmed_by",
            "how",
            "notifications",
        ]
        read_only_fields = fields


class EscalationOut(serializers.ModelSerializer):
    """One formal escalation with its duties."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    ticket = serializers.CharField(source="ticket.number", read_only=True)
    duty_manager = ById(allow_null=True, read_only=True)
    duties = DutyOut(many=True, read_only=True)

    class Meta:
        model = Escalation
        fields = [
            "id",
            "ticket",
            "requested_at",
            "requester_name",
            "relation",
            "reason",
            "severity",
            "production",
            "stage",
            "stage_two_at",
            "duty_manager",
            "reviewed_at",
            "contacted_at",
            "plan_agreed_at",
            "closed_at",
            "duties",
        ]
        read_only_fields = fields


class ClockOut(serializers.ModelSerializer):
    """One running, paused or stopped clock; `accrued_us` counts microseconds before `running_since`."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    ticket = serializers.CharField(source="ticket.number", default=None, allow_null=True, read_only=True)
    policy = serializers.CharField(source="kind", read_only=True)
    version = serializers.IntegerField(source="version.n", read_only=True)

    class Meta:
        model = Clock
        fields = [
            "id",
            "ticket",
            "policy",
            "version",
            "run_no",
            "state",
            "started_at",
            "running_since",
            "accrued_us",
            "stopped_at",
            "stop_reason",
        ]
        read_only_fields = fields


class FiringOut(serializers.ModelSerializer):
    """That a rule fired, when it was due and when it did."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    ticket = serializers.CharField(source="clock.ticket.number", default=None, allow_null=True, read_only=True)
    clock = serializers.UUIDField(source="clock.uuid", read_only=True)

    class Meta:
        model = Firing
        fields = ["id", "ticket", "clock", "rule_code", "occurrence", "due_at", "fired_at", "outcome", "cause"]
        read_only_fields = fields


class AckOut(serializers.ModelSerializer):
    """That a person said they have seen a page. It stops no clock."""

    firing = serializers.UUIDField(source="firing.uuid", read_only=True)
    person = ById(source="user", read_only=True)
    how = serializers.CharField(source="kind", read_only=True)

    class Meta:
        model = Ack
        fields = ["firing", "person", "how", "at"]
        read_only_fields = fields


class EngineRead(Read):
    """What the engine did and does, on visible tickets."""

    scopes = {"read": "escalations:read", "write": "escalations:write"}


@extend_schema(tags=["escalations"])
class Escalations(EngineRead):
    """Formal management escalations."""

    serializer_class = EscalationOut
    queryset = Escalation.objects.none()
    filters = {"ticket": "ticket__number", "open": "closed_at__isnull", "stage": "stage"}

    def rows(self) -> QuerySet:
        """Return the escalations of visible tickets."""
        rows = Escalation.objects.visible_to(self.actor).select_related("ticket", "duty_manager")
        notifications = Notification.objects.select_related("ticket", "user").order_by("created_at", "pk")
        return rows.prefetch_related(
            "duties__person", "duties__confirmed_by", Prefetch("duties__notifications", queryset=notifications)
        )


@extend_schema(tags=["clocks"])
class Clocks(EngineRead):
    """Clocks of tickets and escalations."""

    serializer_class = ClockOut
    queryset = Clock.objects.none()
    filters = {"ticket": "ticket__number", "policy": "kind", "state": "state"}

    def rows(self) -> QuerySet:
        """Return the clocks of visible tickets."""
        return Clock.objects.filter(ticket__in=Ticket.objects.visible_to(self.actor)).select_related(
            "ticket", "version"
        )

    @extend_schema(responses=ExplanationOut(many=True))
    @action(detail=True, methods=["get"])
    def explanation(self, request: Request, **named: str) -> Response:
        """Answer why each rule of the clock is due when it is: what it counts from, every part, who approved pauses."""
        return Response(ExplanationOut(explanations(self.get_object()), many=True).data)


@extend_schema(tags=["firings"])
class Firings(EngineRead):
    """What fired."""

    serializer_class = FiringOut
    queryset = Firing.objects.none()
    filters = {"ticket": "clock__ticket__number", "rule": "rule_code", "outcome": "outcome", "from": "fired_at__gte"}

    def rows(self) -> QuerySet:
        """Return the firings on visible tickets."""
        return Firing.objects.filter(clock__ticket__in=Ticket.objects.visible_to(self.actor)).select_related(
            "clock__ticket"
        )

    @extend_schema(request=None, responses=AckOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, uuid: str) -> Response:
        """Say that one has seen the page; signed-in staff who were told, supervisors, duty managers. No clock stops."""
        told = Notification.objects.filter(user_id=self.actor.user_id or 0, firing__isnull=False).values("firing_id")
        firing = get_object_or_404(
            Firing.objects.filter(Q(pk__in=told) | Q(pk__in=self.rows().values("pk"))), uuid=uuid
        )

        def run() -> Response:
            made = acknowledge(firing_id=firing.pk, how="api", actor=self.actor, at=clock.now())
            return Response(AckOut(made).data)

        return once(request, run)


@extend_schema(tags=["notifications"])
class Notifications(EngineRead):
    """Who was told of what."""

    serializer_class = NotificationOut
    queryset = Notification.objects.none()
    filters = {"ticket": "ticket__number", "state": "state", "channel": "channel"}

    def rows(self) -> QuerySet:
        """Return the notifications on visible tickets."""
        mine = Notification.objects.filter(ticket__in=Ticket.objects.visible_to(self.actor))
        return mine.select_related("ticket", "user")
