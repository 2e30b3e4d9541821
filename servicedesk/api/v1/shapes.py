"""What the API shows: field lists written out, references by public id."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Contact, Organisation, Team
from catalogue.models import Entitlement, Service, Site
from tickets.models import Commitment, Interaction, Note, Ticket, WorkItem


class ById(serializers.Serializer):
    """A related thing: its public id and its name."""

    id = serializers.UUIDField(source="uuid")
    name = serializers.CharField()


class TeamBrief(ById):
    """A team."""

    class Meta:
        model = Team


class TicketOut(serializers.ModelSerializer):
    """One ticket as integrations and staff see it."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    organisation = ById(allow_null=True, read_only=True)
    reporter = ById(allow_null=True, read_only=True)
    owner = ById(allow_null=True, read_only=True)
    team = ById(allow_null=True, read_only=True)
    service = serializers.CharField(source="service.service_id", default=None, allow_null=True, read_only=True)
    site = ById(allow_null=True, read_only=True)
    merged_into = serializers.CharField(source="merged_into.number", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Ticket
        fields = [
            "number",
            "id",
            "version",
            "state",
            "kind",
            "title",
            "description",
            "organisation",
            "reporter",
            "channel",
            "prospect",
            "problem_what",
            "problem_since",
            "problem_where",
            "problem_impact",
            "problem_changed",
            "service",
            "site",
            "category",
            "issue_type",
            "scope",
            "impact",
            "urgency",
            "priority",
            "critical",
            "urgent",
            "restricted",
            "tags",
            "team",
            "owner",
            "tier",
            "callback_number",
            "received_at",
            "verified_at",
            "acknowledged_at",
            "dispatched_at",
            "signed_at",
            "contacted_at",
            "last_progress_at",
            "next_due_at",
            "resolved_at",
            "confirmed_at",
            "closed_at",
            "resolution_code",
            "cause_code",
            "cause",
            "resolution",
            "merged_into",
        ]
        read_only_fields = fields


# `merged_into` is fetched apart: it is rare, and an eighth table doubles the time PostgreSQL plans.
RELATED = ("organisation", "reporter", "owner", "team", "service", "site")


class NoteOut(serializers.ModelSerializer):
    """One case note; `body` is Markdown, empty once redacted or retracted."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    ticket = serializers.CharField(source="ticket.number", read_only=True)
    body = serializers.SerializerMethodField()
    attachments = serializers.SerializerMethodField()

    class Meta:
        model = Note
        fields = [
            "id",
            "ticket",
            "public",
            "progress",
            "author_name",
            "channel",
            "at",
            "body",
            "retracted_at",
            "attachments",
        ]
        read_only_fields = fields

    def get_body(self, note: Note) -> str:
        """Return the words, none for a retracted note."""
        return "" if note.retracted_at else note.body

    @extend_schema_field(
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "name": {"type": "string"},
                    "size": {"type": "integer"},
                    "content_type": {"type": "string"},
                    "sha256": {"type": "string"},
                },
            },
        }
    )
    def get_attachments(self, note: Note) -> list[dict[str, Any]]:
        """Return the files of the note; the bytes come from /files/{id}/."""
        return [
            {"id": str(a.uuid), "name": a.name, "size": a.size, "content_type": a.content_type, "sha256": a.sha256}
            for a in note.attachments.all()
        ]


class WorkItemOut(serializers.ModelSerializer):
    """One work item; `owner` is the name of the person or team that has it."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    ticket = serializers.CharField(source="ticket.number", read_only=True)
    owner = serializers.CharField(read_only=True)

    class Meta:
        model = WorkItem
        fields = [
            "id",
            "ticket",
            "source",
            "title",
            "owner",
            "due_at",
            "mandatory",
            "public",
            "state",
            "evidence",
            "done_at",
        ]
        read_only_fields = fields


class CommitmentOut(serializers.ModelSerializer):
    """One promise to a customer."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    ticket = serializers.CharField(source="ticket.number", read_only=True)

    class Meta:
        model = Commitment
        fields = ["id", "ticket", "kind", "text", "due_at", "made_at", "state", "settled_at", "explanation"]
        read_only_fields = fields


class InteractionOut(serializers.ModelSerializer):
    """One contact with the desk."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    ticket = serializers.CharField(source="ticket.number", default=None, allow_null=True, read_only=True)
    organisation = ById(allow_null=True, read_only=True)
    contact = ById(allow_null=True, read_only=True)
    agent = ById(allow_null=True, read_only=True)

    class Meta:
        model = Interaction
        fields = [
            "id",
            "channel",
            "direction",
            "caller_number",
            "called_queue",
            "started_at",
            "answered_at",
            "ended_at",
            "agent",
            "organisation",
            "contact",
            "ticket",
            "disposition",
            "verified",
        ]
        read_only_fields = fields


class OrganisationOut(serializers.ModelSerializer):
    """One customer."""

    id = serializers.UUIDField(source="uuid", read_only=True)

    class Meta:
        model = Organisation
        fields = [
            "id",
            "name",
            "account_number",
            "service_category",
            "segment",
            "region",
            "time_zone",
            "language",
            "production",
            "status",
        ]
        read_only_fields = fields


class ContactOut(serializers.ModelSerializer):
    """One contact. Proofs never leave."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    organisation = ById(read_only=True)
    phones: Any = serializers.SlugRelatedField(slug_field="number", many=True, read_only=True)
    authorities = serializers.SerializerMethodField()

    class Meta:
        model = Contact
        fields = [
            "id",
            "organisation",
            "name",
            "job_title",
            "email",
            "phones",
            "preferred_channel",
            "language",
            "authorities",
            "active",
        ]
        read_only_fields = fields

    def get_authorities(self, contact: Contact) -> list[str]:
        """Return report, change, approve, escalate as granted."""
        return sorted(contact.authorities)


class SiteOut(serializers.ModelSerializer):
    """One place."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    organisation = ById(read_only=True)

    class Meta:
        model = Site
        fields = ["id", "organisation", "name", "address", "time_zone", "region"]
        read_only_fields = fields


class ServiceOut(serializers.ModelSerializer):
    """One registered service."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    organisation = ById(read_only=True)
    site = ById(allow_null=True, read_only=True)

    class Meta:
        model = Service
        fields = [
            "id",
            "service_id",
            "organisation",
            "type",
            "name",
            "site",
            "state",
            "criticality",
            "segment",
            "complete",
        ]
        read_only_fields = fields


class EntitlementOut(serializers.ModelSerializer):
    """One promise of a plan."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    organisation = ById(read_only=True)
    calendar = serializers.CharField(source="calendar.name", read_only=True)

    class Meta:
        model = Entitlement
        fields = [
            "id",
            "organisation",
            "plan",
            "calendar",
            "weekend_cover",
            "production",
            "targets",
            "valid_from",
            "valid_to",
        ]
        read_only_fields = fields
