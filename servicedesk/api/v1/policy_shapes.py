"""What the API takes and shows of policies."""

import json
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from escalation.commands.create_policy import STARTED
from escalation.models import Policy, PolicyComparison, PolicyDraft, PolicyMove, PolicyReading, PolicyVersion, Rule
from servicedesk.api.fields import Strict
from servicedesk.api.v1.shapes import ById

MOST_RULES = 60
LONGEST = 4_000
RULE = [
    "code", "label", "customer_label", "anchor", "offset_s", "unit", "end_of_day", "latest_s", "repeat_s",
    "max_occurrences", "pausable", "stop_on", "restart_on", "silenced_by_ack", "targets", "variants", "when", "breach",
    "severity", "calendar",
]  # fmt: skip
FACTS = {"type": "object", "additionalProperties": True}
HOLE = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("severity", "role", "rule", "sentence")},
}
PROBLEM = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("code", "message", "rule", "field", "severity")},
}


@extend_schema_field(FACTS)
class Facts(serializers.DictField):
    """Conditions: a list = one of, anything else = equal; names and values are explained in docs/policies.md."""

    default_error_messages = {"unstorable": "This cannot be stored: it is too long or holds a NUL character."}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the object. Fails with `unstorable` beyond 4,000 characters of JSON."""
        found: dict[str, Any] = super().to_internal_value(data)
        text = json.dumps(found)
        if len(text) > LONGEST or "\\u0000" in text:
            self.fail("unstorable")
        return found


class VariantIn(Strict):
    """Another time where conditions hold."""

    when = Facts()
    offset_s = serializers.IntegerField(min_value=0, max_value=2_000_000_000)


class RuleOut(serializers.ModelSerializer):
    """One rule of a version."""

    variants = VariantIn(many=True, read_only=True)
    when = Facts(read_only=True)
    calendar = serializers.UUIDField(source="calendar.uuid", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Rule
        fields = RULE
        read_only_fields = fields


class VersionOut(serializers.ModelSerializer):
    """One published version; `comparison` is what its publisher was shown, `read_by` who read it before."""

    conditions = Facts(read_only=True)
    comparison = Facts(source="diff", read_only=True)
    published_by = ById(allow_null=True, read_only=True)
    read_by = ById(allow_null=True, read_only=True)
    rules = RuleOut(many=True, read_only=True)

    class Meta:
        model = PolicyVersion
        fields = ["n", "sha256", "published_at", "published_by", "read_by", "read_at",
                  "read_word", "enforce_from", "note", "conditions",
                  "on_entitlement_calendar", "ack_silence_s", "comparison", "rules"]  # fmt: skip
        read_only_fields = fields


class PolicyOut(serializers.ModelSerializer):
    """One policy with its latest version; null = out of force."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    current = VersionOut(read_only=True, allow_null=True)

    class Meta:
        model = Policy
        fields = ["id", "key", "name", "subject", "current"]
        read_only_fields = fields


class ReadingOut(serializers.ModelSerializer):
    """One question to a second reader and its answer: asked, read or declined. It is worth something as long as
    `sha256` is the draft's."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    reader = ById(read_only=True)
    asked_by = ById(allow_null=True, read_only=True)
    answered_by = ById(allow_null=True, read_only=True)

    class Meta:
        model = PolicyReading
        fields = ["id", "state", "sha256", "reader", "asked_by", "asked_at", "answered_by", "answered_at", "word"]
        read_only_fields = fields


class DraftOut(serializers.ModelSerializer):
    """The open draft; its version is the ETag. problems and holes: what stands in the way."""

    policy = serializers.CharField(source="policy.key", read_only=True)
    shape = Facts(read_only=True)
    saved_by = ById(allow_null=True, read_only=True)
    comparison = Facts(read_only=True, allow_null=True)
    ready = serializers.BooleanField(read_only=True)
    compared = serializers.BooleanField(read_only=True)
    read = serializers.BooleanField(read_only=True)
    reading = ReadingOut(read_only=True, allow_null=True)
    problems = serializers.SerializerMethodField()
    holes = serializers.SerializerMethodField()

    class Meta:
        model = PolicyDraft
        fields = ["policy", "version", "shape", "saved_by", "saved_at", "comparison", "compared_at", "ready",
                  "compared", "read", "reading", "problems", "holes"]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: PolicyDraft) -> dict[str, Any]:
        """Return the row; what is judged of it the view adds."""
        judged: dict[str, Any] = {
            "ready": False,
            "compared": False,
            "read": False,
            "reading": None,
            "problems": [],
            "holes": [],
        }
        fields = [one for one in self._readable_fields if one.field_name not in judged]
        shown: dict[str, Any] = {}
        for one in fields:
            said = one.get_attribute(instance)
            shown[str(one.field_name)] = None if said is None else one.to_representation(said)
        return shown | judged

    @extend_schema_field({"type": "array", "items": PROBLEM})
    def get_problems(self, draft: PolicyDraft) -> list[dict[str, Any]]:
        """Named for the document."""
        return []

    @extend_schema_field({"type": "array", "items": HOLE})
    def get_holes(self, draft: PolicyDraft) -> list[dict[str, Any]]:
        """Named for the document."""
        return []


class MoveOut(serializers.ModelSerializer):
    """One move of running clocks: state running, done or stopped; `left` wait for tickets in somebody's hands."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    n = serializers.IntegerField(source="to.n", read_only=True)
    begun_by = ById(allow_null=True, read_only=True)

    class Meta:
        model = PolicyMove
        fields = ["id", "n", "state", "total", "moved", "left", "fire", "begun_by", "begun_at", "ended_at"]
        read_only_fields = fields


class RuleIn(Strict):
    """One rule of a draft, in words of docs/policies.md. What cannot work may be saved, never published."""

    code = serializers.CharField(max_length=12)
    label = serializers.CharField(max_length=120, allow_blank=True)  # type: ignore[assignment]
    customer_label = serializers.CharField(max_length=120, allow_blank=True, required=False)
    anchor = serializers.CharField(max_length=40)
    offset_s = serializers.IntegerField(min_value=0, max_value=2_000_000_000)
    unit = serializers.ChoiceField(Rule.Unit.choices, required=False)
    end_of_day = serializers.BooleanField(required=False)
    latest_s = serializers.IntegerField(min_value=0, max_value=2_000_000_000, required=False, allow_null=True)
    repeat_s = serializers.IntegerField(min_value=1, max_value=2_000_000_000, required=False, allow_null=True)
    max_occurrences = serializers.IntegerField(min_value=1, max_value=30_000, required=False, allow_null=True)
    pausable = serializers.BooleanField(required=False)
    stop_on = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20)
    restart_on = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20, required=False)
    silenced_by_ack = serializers.BooleanField(required=False)
    targets = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20)
    variants = VariantIn(many=True, required=False, max_length=20)  # type: ignore[call-arg]
    when = Facts(required=False)
    breach = serializers.BooleanField(required=False)
    severity = serializers.IntegerField(min_value=1, max_value=3, required=False)
    calendar = serializers.UUIDField(required=False, allow_null=True)

    def validate_calendar(self, value: UUID | None) -> str | None:
        """Return the id as drafts keep it."""
        return str(value) if value else None


class ShapeIn(Strict):
    """The whole draft."""

    conditions = Facts()
    on_entitlement_calendar = serializers.ListField(
        child=serializers.CharField(max_length=2), max_length=4, required=False
    )
    ack_silence_s = serializers.IntegerField(min_value=0, max_value=2_000_000_000, required=False, allow_null=True)
    rules = RuleIn(many=True, max_length=MOST_RULES)  # type: ignore[call-arg]


class PolicyIn(Strict):
    """A policy to begin. `subject` may be left out of a copy; `conditions` of one replace those copied."""

    name = serializers.CharField(max_length=80)
    key = serializers.RegexField(r"^[a-z][a-z0-9_]{1,39}$", required=False)
    subject = serializers.ChoiceField([kind.value for kind in STARTED], required=False)
    conditions = Facts(required=False)
    copy_of = serializers.CharField(max_length=40, required=False)


class ComparisonOut(serializers.ModelSerializer):
    """How far a comparison is: waiting, running, done, failed or stopped; `done` of `total` cases. What it found
    stands on the draft."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    requested_by = ById(allow_null=True, read_only=True)

    class Meta:
        model = PolicyComparison
        fields = ["id", "draft", "sha256", "state", "done", "total", "requested_by", "requested_at", "ended_at"]
        read_only_fields = fields


class AskReadingIn(Strict):
    """Who is asked: a supervisor, duty manager or administrator who wrote nothing in the draft."""

    reader = serializers.UUIDField()


class ReadIn(Strict):
    """What the reader says of it."""

    word = serializers.CharField(max_length=400)


class PublishIn(Strict):
    """What changed; `enforce_from` empty = at once."""

    note = serializers.CharField(max_length=400)
    enforce_from = serializers.DateTimeField(required=False, allow_null=True)


class RetireIn(Strict):
    """Why."""

    reason = serializers.CharField(max_length=400)


class MoveIn(Strict):
    """The version whose preview was seen, and the past rules that fire at once."""

    n = serializers.IntegerField(min_value=1, max_value=30_000)
    fire = serializers.ListField(child=serializers.CharField(max_length=12), max_length=MOST_RULES, default=list)
