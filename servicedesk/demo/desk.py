"""The people of the demonstration by name, as rows and as actors, read once."""

from datetime import datetime, timedelta

from accounts.actors import actor_for, contact_actor
from accounts.models import Contact, Organisation, Team, User
from catalogue.models import Service
from ledger.actor import Actor


class Desk:
    """Everybody and everything by name. `now` is when the stories end; `pins` by key of `organisations`."""

    def __init__(self, now: datetime, organisations: dict[str, Organisation], pins: dict[str, str]) -> None:
        self.now, self.organisations = now, organisations
        self.pins = {organisations[key].pk: pin for key, pin in pins.items()}
        self.users = {user.name: user for user in User.objects.filter(kind="staff")}
        self.teams = {team.name: team for team in Team.objects.all()}
        rows = Contact.objects.select_related("organisation", "user").prefetch_related("phones")
        self.contacts = {contact.name: contact for contact in rows}
        self.services = {s.service_id: s for s in Service.objects.select_related("site")}
        self._actors: dict[str, Actor] = {}

    def ago(self, minutes: float) -> datetime:
        """Return the instant `minutes` before now, whole seconds."""
        return (self.now - timedelta(minutes=minutes)).replace(microsecond=0)

    def staff(self, name: str) -> Actor:
        """Return the actor of a member of staff by name."""
        if name not in self._actors:
            self._actors[name] = actor_for(self.users[name])
        return self._actors[name]

    def customer(self, name: str) -> Actor:
        """Return the actor of a contact by name."""
        if name not in self._actors:
            contact = self.contacts[name]
            self._actors[name] = contact_actor(contact, contact.user)
        return self._actors[name]
