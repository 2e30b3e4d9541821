"""What to say first: the shipped greetings, and which one a call opens with (V-01, V-22).

Stored in the language they are spoken in: an agent reads them out as they stand.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from ledger.actor import Actor
from tickets.models import CallScript

SCRIPTS = {
    "en": (
        "Good {daytime}, {operator}, this is {agent}. May I have *your name* and *your organisation*, please?",
        "Let the caller say it first. Ask what the fault stops them from doing, before anything technical.",
    ),
    "zh-hans": (
        "{daytime}好，{operator}，我是{agent}。请问*您贵姓*，来自*哪个单位*？",
        "让来电者先说姓名和单位。先问故障影响了什么业务，再谈技术细节。",
    ),
}
DAYTIMES = {"en": ("morning", "afternoon", "evening"), "zh-hans": ("上午", "下午", "晚上")}
NOON, DUSK = 12, 18
NAMES = {"en": "English", "zh-hans": "简体中文"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A greeting ready to be read out. `parts` in order: (words, whether they are to be asked for)."""

    queue: str
    language: str
    parts: tuple[tuple[str, bool], ...]
    hint: str

    @property
    def language_name(self) -> str:
        """The language in its own name, its code where we have none."""
        return NAMES.get(self.language, self.language)


def script_for(
    queue: str, languages: Sequence[str], actor: Actor, *, hour: int, values: Mapping[str, str]
) -> Spoken | None:
    """Return what opens a call to `queue`: its own script before that of every queue, the first of `languages` that
    has one. None where nothing is written. 1 query.

    languages  in order of preference. hour  of the agent's day, 0 to 23. values  "operator" and "agent".
    """
    rows = CallScript.objects.visible_to(actor).filter(Q(queue__iexact=queue) | Q(queue=""), active=True)
    found = {(row.queue.casefold(), row.language): row for row in rows}
    ways = [(where, language) for where in dict.fromkeys((queue.casefold(), "")) for language in (*languages, "en")]
    script = next((found[way] for way in ways if way in found), None)
    if script is None:
        return None
    said = script.greeting
    for name, value in {**values, "daytime": daytime(script.language, hour)}.items():
        said = said.replace(f"{{{name}}}", value.replace("*", ""))
    parts = tuple((part, n % 2 == 1) for n, part in enumerate(re.split(r"\*", said)) if part)
    return Spoken(script.queue, script.language, parts, script.hint)


def daytime(language: str, hour: int) -> str:
    """Return morning, afternoon or evening in `language`; English where we have no words for it."""
    words = DAYTIMES.get(language, DAYTIMES["en"])
    return words[0] if hour < NOON else words[1] if hour < DUSK else words[2]
