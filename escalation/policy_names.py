"""Names that policies only know by id: calendars of rules, teams they tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.models import Team
from catalogue.models import Calendar
from escalation.ladder_words import target_words
from escalation.shapes import Shape

TEAM = "team:"


@dataclass(frozen=True, slots=True)
class Names:
    """Calendars with opening hours by public id, and teams by their target word "team:<id>"."""

    calendars: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)

    def calendar(self, uuid: object) -> str:
        """Return the name of a calendar."""
        return self.calendars.get(str(uuid), _("a calendar that is gone"))

    def target(self, word: str) -> str:
        """Return whom a target tells, in words."""
        if not word.startswith(TEAM):
            return target_words(word)
        return _("on call of %(team)s") % {"team": self.teams.get(word, _("a team that is gone"))}


NONE = Names()


def every_name() -> Names:
    """Return every name a policy may be given. 2 queries."""
    calendars = {str(row.uuid): row.name for row in Calendar.objects.filter(round_the_clock=False).order_by("name")}
    teams = {f"{TEAM}{team.uuid}": team.name for team in Team.objects.filter(active=True).order_by("name")}
    return Names(calendars, teams)


def names_in(*shapes: Shape | None) -> Names:
    """Return the names these shapes need: no query where they name neither a calendar nor a team, else 2."""
    return every_name() if any(_asks(shape["rules"]) for shape in shapes if shape) else NONE


def _asks(rules: Iterable[Mapping[str, object]]) -> bool:
    return any(rule.get("calendar") or any(_is_team(word) for word in _listed(rule.get("targets"))) for rule in rules)


def _is_team(word: object) -> bool:
    return str(word).startswith(TEAM)


def _listed(said: object) -> list[object]:
    return said if isinstance(said, list) else []
