"""Policies: read with their versions; draft, simulate, publish, move and retire by the same commands as the desk."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from escalation.commands import compare as comparing
from escalation.commands import draft as drafts
from escalation.commands import migrate_policy as moving
from escalation.commands import publish as publishing
from escalation.commands.create_policy import create_policy
from escalation.models import Policy, PolicyComparison, PolicyMove, Rule
from escalation.readiness import base_shape, readiness
from ledger import clock
from servicedesk.api.base import once, wanted_version
from servicedesk.api.v1 import policy_shapes as shapes
from servicedesk.api.v1.escalations import EngineRead
from servicedesk.api.v1.policy_readings import KEY, MATCH, ReadingActions

RULES = Rule.objects.select_related("calendar").order_by("position", "code")


@extend_schema(tags=["policies"])
class Policies(ReadingActions, EngineRead):
    """Policies and their rules; for everyone who may read escalations and is not bound to one customer."""

    serializer_class = shapes.PolicyOut
    queryset = Policy.objects.none()
    filters = {"key": "key", "subject": "subject"}
    scopes = {"read": "escalations:read", "write": "policies:write"}

    def rows(self) -> QuerySet:
        """Return every policy; none to tokens bound to one organisation."""
        if self.actor.organisation_ids is not None:
            return Policy.objects.none()
        rules = Prefetch("current__rules", RULES)
        return Policy.objects.select_related("current__published_by", "current__read_by").prefetch_related(rules)

    @extend_schema(request=shapes.PolicyIn, responses={201: shapes.PolicyOut}, parameters=[KEY])
    def create(self, request: Request) -> Response:
        """Begin a policy, empty or as a copy of another, with an open draft; it is in force once it is published."""
        given = self._given(shapes.PolicyIn)

        def run() -> Response:
            made = create_policy(**given, actor=self.actor, at=clock.now())
            return Response(shapes.PolicyOut(made.policy).data, status=201)

        return once(request, run)

    @extend_schema(responses=shapes.VersionOut(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def versions(self, request: Request, uuid: str) -> Response:
        """Every published version with its rules, latest first. A version never changes."""
        rules = Prefetch("rules", RULES)
        rows = (
            self.get_object().versions.select_related("published_by", "read_by").prefetch_related(rules).order_by("-n")
        )
        return Response(shapes.VersionOut(rows, many=True).data)

    @extend_schema(responses=shapes.DraftOut)
    @action(detail=True, methods=["get"], pagination_class=None)
    def draft(self, request: Request, uuid: str) -> Response:
        """The open draft with what stands between it and its publication; 404 without one."""
        policy = self.get_object()
        draft = drafts.PolicyDraft.objects.filter(policy=policy).select_related("saved_by").first()
        if draft is None:
            raise drafts.Refused("no_draft", "There is no draft of this policy.", status=404)
        return self._drafted(draft)

    @extend_schema(request=shapes.ShapeIn, responses=shapes.DraftOut, parameters=[KEY, MATCH])
    @draft.mapping.post
    def save_draft(self, request: Request, uuid: str) -> Response:
        """Save the whole draft; without If-Match a new one is begun. 412 shows the draft that somebody else saved."""
        version = wanted_version(request) if "If-Match" in request.headers else None
        given = self._given(shapes.ShapeIn)

        def run(key: str, **who: Any) -> Response:
            return self._drafted(drafts.save_draft(key=key, shape=given, version=version, **who))

        return self._run(run)

    @extend_schema(request=None, responses=shapes.PolicyOut, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"], url_path="discard-draft")
    def discard_draft(self, request: Request, uuid: str) -> Response:
        """Throw the draft away."""
        version = wanted_version(request)
        return self._run(lambda key, **who: self._after(drafts.discard_draft(key=key, version=version, **who)))

    @extend_schema(request=None, responses={202: shapes.ComparisonOut}, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    def compare(self, request: Request, uuid: str) -> Response:
        """Have the draft and the version in force run over stored tickets; needed before it is published."""
        version = wanted_version(request)
        return self._run(lambda key, **who: _job(comparing.request_comparison(key=key, version=version, **who), 202))

    @extend_schema(responses=shapes.ComparisonOut)
    @action(detail=True, methods=["get"], pagination_class=None)
    def comparison(self, request: Request, uuid: str) -> Response:
        """How far the last comparison is; 404 before the first. What it found stands on the draft."""
        made = PolicyComparison.objects.filter(policy=self.get_object()).select_related("requested_by").first()
        if made is None:
            raise drafts.Refused("not_compared", "No comparison of this policy was asked for.", status=404)
        return _job(made)

    @extend_schema(request=None, responses=shapes.ComparisonOut, parameters=[KEY])
    @action(detail=True, methods=["post"], url_path="stop-comparison")
    def stop_comparison(self, request: Request, uuid: str) -> Response:
        """Stop the comparison that waits or runs."""
        return self._run(lambda key, **who: _job(comparing.stop_comparison(key=key, **who)))

    @extend_schema(request=shapes.PublishIn, responses=shapes.PolicyOut, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, uuid: str) -> Response:
        """Publish the draft as the next version; running clocks keep theirs."""
        version, given = wanted_version(request), self._given(shapes.PublishIn)
        return self._run(
            lambda key, **who: self._after(publishing.publish_policy(key=key, version=version, **given, **who))
        )

    @extend_schema(request=shapes.RetireIn, responses=shapes.PolicyOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, uuid: str) -> Response:
        """Take the policy out of force; clocks that run go on to their end."""
        given = self._given(shapes.RetireIn)
        return self._run(lambda key, **who: self._after(publishing.retire_policy(key=key, **given, **who)))

    @extend_schema(responses=shapes.MoveOut(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def moves(self, request: Request, uuid: str) -> Response:
        """Every move of running clocks with how far it is, latest first."""
        rows = PolicyMove.objects.filter(policy=self.get_object()).select_related("to", "begun_by")
        return Response(shapes.MoveOut(rows, many=True).data)

    @extend_schema(request=shapes.MoveIn, responses=shapes.MoveOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def move(self, request: Request, uuid: str) -> Response:
        """Begin to move the running clocks onto the version in force; `fire` names past rules that fire at once."""
        given = self._given(shapes.MoveIn)

        def run(key: str, **who: Any) -> Response:
            made = moving.migrate_clocks(key=key, version_n=given["n"], fire=given["fire"], **who)
            return Response(shapes.MoveOut(made).data)

        return self._run(run)

    def _given(self, kind: type[serializers.Serializer]) -> dict[str, Any]:
        shape = kind(data=self.request.data or {}, context={"request": self.request})
        shape.is_valid(raise_exception=True)
        return dict(shape.validated_data)

    def _run(self, command: Callable[..., Response]) -> Response:
        key = self.get_object().key
        return once(self.request, lambda: command(key, actor=self.actor, at=clock.now()))

    def _after(self, _done: Any) -> Response:
        return Response(shapes.PolicyOut(self.get_object()).data)

    def _drafted(self, draft: Any) -> Response:
        at = clock.now()
        judged = readiness(draft, base_shape(draft.policy.current), at=at)
        data = shapes.DraftOut(draft).data | {
            "ready": judged.ready, "compared": judged.compared, "read": judged.read,
            "reading": shapes.ReadingOut(judged.reading).data if judged.reading else None,
            "problems": [one.as_dict() for one in judged.problems],
            "holes": [{"severity": hole.severity, "role": hole.role, "rule": hole.rule, "sentence": hole.sentence}
                      for hole in judged.holes or ()],
        }  # fmt: skip
        return Response(data, headers={"ETag": f'"{draft.version}"'})


def _job(made: PolicyComparison, status: int = 200) -> Response:
    return Response(shapes.ComparisonOut(made).data, status=status)
