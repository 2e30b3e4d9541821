"""Who acts. Built once per request by a door, passed to every command and query."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """A person, a token or a component of ours, with all that scopes it.

    kind              staff, contact, integration, link (holder of a one-time link) or system.
    ref               public id (UUID as text), or the component's name for system.
    organisation_ids  the only organisations it may learn of; None = not limited by organisation.
    regions           the only regions it may learn of; empty = every region.
    ladder_organisation_ids  organisations in whose account team it stands.
    company_wide      holds a company-wide ladder role.
    authorities       what a contact may do: report, change, approve, escalate.
    scopes            what a token may do ("tickets:write"); empty for people.
    """

    kind: str
    ref: str
    name: str
    user_id: int | None = None
    contact_id: int | None = None
    organisation_ids: frozenset[int] | None = None
    roles: frozenset[str] = frozenset()
    team_ids: frozenset[int] = frozenset()
    regions: frozenset[str] = frozenset()
    ladder_organisation_ids: frozenset[int] = frozenset()
    company_wide: bool = False
    authorities: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    time_zone: str = "UTC"
    language: str = "en"
    via: str = field(default="", compare=False)

    @property
    def is_staff(self) -> bool:
        """Whether one of ours acts (not a customer, token or component)."""
        return self.kind == "staff"

    @property
    def is_customer(self) -> bool:
        """Whether a customer's contact acts."""
        return self.kind == "contact"

    def has_role(self, *roles: str) -> bool:
        """Whether it holds at least one of `roles`."""
        return bool(self.roles.intersection(roles))


SYSTEM = Actor(kind="system", ref="desk", name="Service desk")
ENGINE = Actor(kind="system", ref="engine", name="Escalation engine")
