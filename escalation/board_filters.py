"""What a reader narrowed the board to; one choice narrows lanes, tickets, calls and people alike (A-01)."""

from dataclasses import dataclass

from django.db.models import Q

_TICKET = {
    "region": "organisation__region",
    "team": "team__uuid",
    "segment": "organisation__segment",
    "category": "organisation__service_category",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """Empty = all. `team` is a uuid."""

    region: str = ""
    team: str = ""
    segment: str = ""
    category: str = ""

    def tickets(self, prefix: str = "") -> Q:
        """The condition on tickets, reached by `prefix`."""
        return Q(**{f"{prefix}{path}": getattr(self, name) for name, path in _TICKET.items() if getattr(self, name)})

    def q(self) -> Q:
        """The condition on escalations."""
        return self.tickets("ticket__")

    def calls(self) -> Q:
        """The condition on calls: by the customer they name, by the queue of the team."""
        from accounts.models import Team

        found = Q()
        for name in ("region", "segment", "category"):
            if value := getattr(self, name):
                found &= Q(**{_TICKET[name]: value}) | Q(**{f"ticket__{_TICKET[name]}": value})
        if self.team:
            queue = Team.objects.filter(uuid=self.team).values("name")[:1]
            found &= Q(called_queue=queue) | Q(ticket__team__uuid=self.team)
        return found
