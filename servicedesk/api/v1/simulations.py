"""Simulations over REST: ask for one, come back for what it found. Nobody is contacted, nothing is changed."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from escalation.commands.simulate import may_simulate, request_simulation
from escalation.models import Simulation
from escalation.simulator.stored import differences_for
from ledger import clock
from servicedesk.api.base import once
from servicedesk.api.v1.customers import Read
from servicedesk.api.v1.simulation_shapes import SimulationIn, SimulationOut

KEY = OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)
STRETCH = timedelta(days=90)


@extend_schema(tags=["simulations"])
class Simulations(Read):
    """What two versions of a policy would have done. Each is its requester's own: it ran over what they may see.

    For supervisors, duty managers and administrators, and for tokens with policies:write of no one customer.
    """

    serializer_class = SimulationOut
    queryset = Simulation.objects.none()
    filters = {"policy": "policy__key", "state": "state"}
    scopes = {"read": "policies:write", "write": "policies:write"}

    def rows(self) -> QuerySet:
        """Return the actor's own simulations; none to those who may not simulate."""
        if not may_simulate(self.actor):
            return Simulation.objects.none()
        rows = Simulation.objects.filter(requested_by_id=self.actor.user_id).select_related("policy")
        return rows if self.action == "retrieve" else rows.defer("found", "old_shape", "new_shape")

    @extend_schema(responses=SimulationOut)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One simulation, with its result once it is done; tickets you may no longer see are left out."""
        made = self.get_object()
        return Response(SimulationOut(made, context={"differences": differences_for(made, self.actor)}).data)

    @extend_schema(request=SimulationIn, responses={202: SimulationOut}, parameters=[KEY])
    def create(self, request: Request) -> Response:
        """Ask for a simulation; a worker takes it within seconds. Read it at the `Location` until its state is done."""
        shape = SimulationIn(data=request.data)
        shape.is_valid(raise_exception=True)
        given, at = shape.validated_data, clock.now()
        last = given.get("last", at)
        first = given.get("first", last - STRETCH)

        def run() -> Response:
            made = request_simulation(
                policy_key=given["policy"], old=given["old"], new=given["new"], first=first, last=last,
                ticket_number=given.get("ticket", ""), synthetic_name=given.get("scenario", ""), actor=self.actor,
                at=at,
            )  # fmt: skip
            where = {"Location": f"/api/v1/simulations/{made.uuid}/"}
            return Response(SimulationOut(made).data, status=status.HTTP_202_ACCEPTED, headers=where)

        return once(request, run)
