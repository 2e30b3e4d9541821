"""Our people over REST: who there is, what one holds, and handing it over when somebody leaves."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.commands.deactivate import deactivate_staff, holdings_of
from accounts.models import User
from accounts.roles import need
from ledger import clock
from servicedesk.api.base import DoorView, once
from servicedesk.api.fields import Strict
from servicedesk.api.v1.escalations import EngineRead
from servicedesk.api.v1.roster_shapes import Person
from servicedesk.people_registry import HOLDINGS

KEY = OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)


class StaffOut(serializers.ModelSerializer):
    """One member of staff: the id other resources refer to."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    active = serializers.BooleanField(source="is_active", read_only=True)

    class Meta:
        model = User
        fields = ["id", "name", "time_zone", "language", "active"]
        read_only_fields = fields


class HeldOut(serializers.Serializer):
    """One kind of thing a person still holds."""

    kind = serializers.CharField()
    refs = serializers.ListField(child=serializers.CharField())


class LeavingIn(Strict):
    """Why somebody leaves and who takes over; 422 `successor_needed` lists what is open where nobody is named."""

    reason = serializers.CharField(max_length=200)
    successor = Person(source="successor_id", required=False, allow_null=True)


@extend_schema(tags=["staff"])
class Staff(EngineRead):
    """Members of staff; none for tokens bound to one organisation."""

    serializer_class = StaffOut
    queryset = User.objects.none()
    filters = {"name": "name__iexact", "team": "memberships__team__uuid"}

    def rows(self) -> QuerySet:
        """Return those who sign in as staff."""
        if self.actor.organisation_ids is not None:
            return User.objects.none()
        return User.objects.filter(kind=User.Kind.STAFF, is_active=True).distinct()


class Leaving(DoorView):
    """What a person holds, and the end of their sign-ins. Administrators, signed in; no token does this."""

    scopes = {"read": "staff:deactivate", "write": "staff:deactivate"}

    @extend_schema(tags=["staff"], operation_id="staff_holdings", responses=HeldOut(many=True))
    def get(self, request: Request, uuid: str) -> Response:
        """List what a successor would take over, by kind."""
        found = holdings_of(self._person(uuid, is_active=True), HOLDINGS)
        return Response(HeldOut([{"kind": kind, "refs": refs} for kind, refs in found.items()], many=True).data)

    @extend_schema(
        tags=["staff"], operation_id="staff_deactivate", request=LeavingIn, responses=StaffOut, parameters=[KEY]
    )
    def post(self, request: Request, uuid: str) -> Response:
        """Hand everything over, take roles and teams, end sessions and tokens."""
        person = self._person(uuid)
        shape = LeavingIn(data=request.data or {}, context={"request": request})
        shape.is_valid(raise_exception=True)
        said: dict[str, Any] = {"successor_id": None, **shape.validated_data}

        def run() -> Response:
            done = deactivate_staff(user_id=person.pk, **said, actor=self.actor, at=clock.now(), registry=HOLDINGS)
            return Response(StaffOut(done).data)

        return once(request, run)

    def _person(self, uuid: str, **more: bool) -> User:
        need(self.actor, "administrator")
        person = User.objects.filter(uuid=uuid, kind=User.Kind.STAFF, **more).first()
        if person is None:
            raise Http404
        return person
