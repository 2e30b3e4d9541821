"""What the API takes and shows of handovers."""

from typing import Any

from rest_framework import serializers

from escalation.models import Handover, HandoverLine, HandoverRemark, Part, Shift
from escalation.shifts.reading import read_sheet
from servicedesk.api.fields import Ref, Strict
from servicedesk.api.v1.shapes import ById

FIGURES = ("open", "urgent", "due", "escalations", "calls")


class HandoverLineOut(serializers.ModelSerializer):
    """One line. `facts`: what it says, as it stood when it was drafted; its keys depend on what the line is about."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    ticket = serializers.CharField(source="ticket.number", default=None, allow_null=True, read_only=True)
    escalation = serializers.UUIDField(source="escalation.uuid", default=None, allow_null=True, read_only=True)
    facts = serializers.DictField(read_only=True)
    spoken_by = ById(allow_null=True, read_only=True)

    class Meta:
        model = HandoverLine
        fields = [
            "id", "part", "position", "ticket", "escalation", "title", "due_at", "due_code", "facts", "change", "note",
            "spoken_at", "spoken_by",
        ]  # fmt: skip
        read_only_fields = fields


class HandoverRemarkOut(serializers.ModelSerializer):
    """What was added beside a sheet; `line` null = on the whole."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    line = serializers.UUIDField(source="line.uuid", default=None, allow_null=True, read_only=True)
    by = ById(read_only=True)

    class Meta:
        model = HandoverRemark
        fields = ["id", "line", "text", "by", "at"]
        read_only_fields = fields


class HandoverFiguresOut(serializers.Serializer):
    """Open tickets, P1 and P2, due before the shift ends, open escalations, unfinished calls."""

    open = serializers.IntegerField(default=0)
    urgent = serializers.IntegerField(default=0)
    due = serializers.IntegerField(default=0)
    escalations = serializers.IntegerField(default=0)
    calls = serializers.IntegerField(default=0)


class HandoverOut(serializers.ModelSerializer):
    """One change of shift: who hands to whom, and how far it is. `region` "" = everywhere."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    outgoing_shift = ById(read_only=True)
    incoming_shift = ById(read_only=True)
    outgoing = ById(allow_null=True, read_only=True)
    incoming = ById(allow_null=True, read_only=True)
    giver = ById(allow_null=True, read_only=True)
    taker = ById(allow_null=True, read_only=True)

    class Meta:
        model = Handover
        fields = [
            "id", "version", "state", "region", "outgoing_shift", "incoming_shift", "starts_at", "ends_at", "until",
            "outgoing", "incoming", "drafted_at", "giver", "signed_at", "taker", "accepted_at",
        ]  # fmt: skip
        read_only_fields = fields


class HandoverSheetOut(HandoverOut):
    """A change of shift with its sheet: the lines the reader may learn of, notes by part, remarks."""

    figures = HandoverFiguresOut(read_only=True)
    notes = serializers.DictField(child=serializers.CharField(allow_blank=True), read_only=True)
    lines = HandoverLineOut(many=True, read_only=True)
    remarks = HandoverRemarkOut(many=True, read_only=True)

    class Meta(HandoverOut.Meta):
        fields = [*HandoverOut.Meta.fields, "figures", "notes", "lines", "remarks"]
        read_only_fields = fields

    def to_representation(self, instance: Handover) -> dict[str, Any]:
        """Show only what this reader may learn of."""
        sheet = read_sheet(instance, self.context["actor"])
        shown = HandoverOut(instance).data
        shown["figures"] = {name: instance.figures.get(name, 0) for name in FIGURES}
        shown["notes"] = instance.notes
        shown["lines"] = HandoverLineOut(sheet.lines, many=True).data
        shown["remarks"] = HandoverRemarkOut(sheet.remarks, many=True).data
        return shown


class HandoverIn(Strict):
    """Which change of shift: the shift that begins, and when."""

    shift = Ref(lambda actor: Shift.objects.visible_to(actor), name="shift", source="shift_id")
    starts_at = serializers.DateTimeField()


class HandoverNoteIn(Strict):
    """The giver's words on a line or on one of the four parts; empty takes them away."""

    line = serializers.UUIDField(required=False)
    part = serializers.ChoiceField(choices=Part.choices, required=False)
    text = serializers.CharField(max_length=2000, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for exactly one place."""
        if ("line" in attrs) == ("part" in attrs):
            raise serializers.ValidationError("Name a line or a part.")
        return attrs


class HandoverSpokenIn(Strict):
    """The lines that were gone through; none = all of them."""

    lines = serializers.ListField(child=serializers.UUIDField(), max_length=700, required=False)


class HandoverRemarkIn(Strict):
    """What is to be known beside the sheet."""

    text = serializers.CharField(max_length=2000)
    line = serializers.UUIDField(required=False)


class HandoverSignIn(Strict):
    """No body."""
