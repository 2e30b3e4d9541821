"""What the call screen may show: before verification nothing of the account, after it what a call needs (P-02)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache
from django.http import QueryDict
from django.utils.functional import cached_property

from accounts.counters import LIMITS
from accounts.models import Contact, FailureCounter, Organisation, SecurityQuestion, Verification
from accounts.verification import locked_until, why
from catalogue.models import Alert, Service
from ledger.actor import Actor
from servicedesk.desk.forms.call import CallForm
from tickets import queries
from tickets.commands.question import question_drawn
from tickets.models import Draft, Interaction, Ticket
from tickets.priority import matrix

SHOWN, KEEP_SECONDS = 5, 10
DEFAULTS = {"kind": "fault", "impact": "medium", "urgency": "medium", "scope": "single", "method": "pin"}


@dataclass
class Room:
    """One call, its draft and what is known of the caller. Properties ask the database once each."""

    interaction: Interaction
    actor: Actor
    at: datetime
    data: QueryDict
    form: CallForm = field(init=False)
    said: str = ""

    def __post_init__(self) -> None:
        for name, value in DEFAULTS.items():
            if not self.data.get(name):
                self.data[name] = value
        if self.data.get("priority") and self.data["priority"] == self.data.get("priority_was"):
            self.data["priority"] = ""  # it follows what is proposed
        if self.prospect:
            self.data["kind"] = "inquiry"
            self.data["category"] = self.data.get("category") or "new_service"
        if self.verified and not self.data.get("callback_number"):
            self.data["callback_number"] = self.data.get("caller_phone", "")
        self.form = CallForm(self.data, services=self.services)

    @property
    def verified(self) -> bool:
        """Whether a passed verification belongs to this call."""
        return self.interaction.verified and self.interaction.contact_id is not None

    @property
    def prospect(self) -> bool:
        """Whether the caller is no customer yet: nothing to prove, nothing to show."""
        return bool(self.data.get("prospect")) and not self.verified

    @property
    def open(self) -> bool:
        """Whether the call may be logged and dispatched."""
        return self.verified or self.prospect

    @property
    def ended(self) -> bool:
        return self.interaction.ended_at is not None

    def lead(self, *names: str) -> None:
        """Put the cursor where the agent writes next: the first of these fields that is empty."""
        empty = next((name for name in names if not self.data.get(name)), None)
        if empty is not None:
            self.form.fields[empty].widget.attrs["autofocus"] = True

    @cached_property
    def contact(self) -> Contact | None:
        """The contact the caller is said to be, or proved to be."""
        rows = Contact.objects.visible_to(self.actor).select_related("organisation")
        if self.verified and hasattr(self.interaction, "knows_contact"):  # read with the call itself
            return self.interaction.contact if self.interaction.knows_contact else None
        if self.verified:
            return rows.filter(pk=self.interaction.contact_id).first()
        claimed = self.form.fields["contact"].clean(self.data.get("contact", "")) if self.data.get("contact") else None
        return rows.filter(uuid=claimed, active=True).first() if claimed else None

    @cached_property
    def organisation(self) -> Organisation | None:
        """The customer; None before verification, whatever is claimed."""
        return self.contact.organisation if self.verified and self.contact else None

    @cached_property
    def services(self) -> Any:
        """The customer's services; none before verification."""
        if not self.verified:
            return None
        rows = Service.objects.visible_to(self.actor).filter(organisation_id=self.interaction.organisation_id)
        return rows.select_related("site")

    @cached_property
    def attempts(self) -> list[Verification]:
        """Attempts of this call, newest first."""
        return list(self.interaction.verifications.order_by("-at", "-pk")[:6])

    @property
    def last(self) -> Verification | None:
        return self.attempts[0] if self.attempts else None

    @property
    def why(self) -> Any:
        """What did not match at the last attempt; "" for none or a pass."""
        return why(self.last) if self.last else ""

    @property
    def passed(self) -> Verification | None:
        return next((a for a in self.attempts if a.outcome == "passed"), None)

    @property
    def passed_at(self) -> datetime | None:
        """When the proof passed; read with the call itself."""
        if hasattr(self.interaction, "passed_at"):
            return self.interaction.passed_at
        return self.passed.at if self.passed else None

    @property
    def checks_passed(self) -> int:
        """How many of company, account, contact with authority and proof stand."""
        if self.last is None or self.last.outcome == "locked":
            return 0
        checks = self.last.checks
        return sum((checks["company"], checks["account"], checks["contact"] and checks["authority"]))

    @cached_property
    def locked_until(self) -> datetime | None:
        """Until when the contact's knowledge proofs are locked, None = open."""
        return locked_until(self.contact, self.at) if self.contact else None

    @cached_property
    def agent_locked_until(self) -> datetime | None:
        return locked_until(self.actor, self.at)

    @cached_property
    def attempts_left(self) -> int:
        """Wrong proofs left before the contact is locked."""
        counter = (
            FailureCounter.objects.filter(kind="contact", subject_id=self.contact.pk).first() if self.contact else None
        )
        return LIMITS["contact"] - (counter.failures if counter else 0)

    @cached_property
    def question(self) -> SecurityQuestion | None:
        """The security question put to the caller, drawn once for this call."""
        return question_drawn(self.interaction, self.contact) if self.contact else None

    @cached_property
    def phones(self) -> list:
        """Stored numbers, to be dialled or texted and never read out; only while such a proof is chosen."""
        if self.verified or self.contact is None or self.data.get("method") not in {"callback", "code"}:
            return []
        return list(self.contact.phones.all())

    @cached_property
    def ringing(self) -> Interaction | None:
        """This agent's call-back that nobody has answered yet."""
        calls = Interaction.objects.filter(agent_id=self.actor.user_id or 0, direction="out", channel="call")
        begun = calls.filter(answered_at=None, ended_at=None, started_at__gte=self.interaction.started_at)
        return begun.order_by("-pk").first()

    @cached_property
    def noise(self) -> list[Alert]:
        """Active alerts of the customer and, of whomever, around the service; the others' are counted, never shown."""
        return queries.noise_around(self.organisation.pk, self.service) if self.organisation else []

    @property
    def alerts(self) -> list[Alert]:
        """The customer's newest active alerts."""
        return [alert for alert in self.noise if alert.organisation_id == self.organisation.pk][:SHOWN]

    @cached_property
    def open_tickets(self) -> list[Ticket]:
        """The newest open tickets of the customer."""
        return queries.open_of(self.organisation.pk, self.actor) if self.organisation else []

    @cached_property
    def tickets(self) -> list[Ticket]:
        """Open tickets of the customer, due next first; asked again only where there are more than were read."""
        if len(self.open_tickets) < queries.MOST_OPEN:
            never = datetime.max.replace(tzinfo=UTC)
            return sorted(self.open_tickets, key=lambda t: (t.next_due_at or never, -t.pk))[:SHOWN]
        rows = Ticket.objects.visible_to(self.actor).open().filter(organisation=self.organisation)
        return list(rows.order_by("next_due_at", "-pk")[:SHOWN])

    @cached_property
    def matrix(self) -> dict[tuple[str, str], str]:
        """What priority each impact and urgency has; logging reads it anew."""
        return kept("call-matrix", matrix)

    @cached_property
    def service(self) -> Service | None:
        chosen = self.data.get("service")
        return next((s for s in self.services or [] if str(s.uuid) == chosen), None)

    @cached_property
    def others_hit(self) -> list[Service]:
        """The customer's other services in trouble: what may be affected too."""
        noisy = {alert.service_id for alert in self.alerts}
        rows = [s for s in self.services or [] if s.state in {"down", "degraded"} or s.pk in noisy]
        return [s for s in rows if s != self.service]

    @property
    def also(self) -> list[str]:
        """Public ids of the services ticked as affected too."""
        return self.data.getlist("also")

    @cached_property
    def proposal(self) -> Any:
        """Scope, impact, urgency and their reasons from alerts and open tickets; None without a service."""
        if not self.organisation or self.service is None:
            return None
        return queries.proposal_for(self.service, self.data.get("category", ""), self.matrix, noise=self.noise)

    @cached_property
    def duplicates(self) -> list:
        """Open tickets that look the same."""
        if not self.organisation:
            return []
        words = f"{self.data.get('problem_what', '')} {self.data.get('problem_where', '')}"
        return queries.alike(self.open_tickets, self.service, words)


def kept(key: str, make: Callable[[], Any]) -> Any:
    """Return what `make` made at most ten seconds ago: a call is drawn after every field, what is set up stays."""
    found = cache.get(key)
    if found is None:
        found = (make(),)
        cache.set(key, found, KEEP_SECONDS)
    return found[0]


def draft_key(interaction: Interaction) -> str:
    """Return the key of the draft of a call."""
    return f"call:{interaction.uuid}"


def draft_of(interaction: Interaction, actor: Actor) -> QueryDict:
    """Return what this agent typed for this call so far."""
    found = Draft.objects.filter(user_id=actor.user_id, key=draft_key(interaction)).first()
    data = QueryDict(mutable=True)
    for name, value in (found.data if found else {}).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data
