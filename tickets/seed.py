"""Configuration every desk needs: priority matrix, playbooks, greetings, text blocks. Idempotent, never overwrites."""

from django.db import transaction

from tickets.blocks import SHIPPED
from tickets.call_scripts import SCRIPTS
from tickets.models import (
    CallScript,
    NoticeLead,
    Playbook,
    PlaybookStep,
    PriorityCell,
    RecurrenceRule,
    TextBlock,
)
from tickets.playbooks import PLAYBOOKS
from tickets.priority import DEFAULT

LEADS = {"": 3, "premium": 5}
RECURRENCE = {"": (3, 30)}


@transaction.atomic
def seed_configuration() -> None:
    """Create what is missing of the matrix, the playbooks (V-09 to V-12, C-27), greetings (V-01), text blocks, the lead
    times of notices (C-29) and when a service fails too often (C-28)."""
    for segment, days in LEADS.items():
        NoticeLead.objects.get_or_create(segment=segment, defaults={"working_days": days})
    for category, (faults, within) in RECURRENCE.items():
        RecurrenceRule.objects.get_or_create(category=category, defaults={"faults": faults, "days": within})
    if not TextBlock.objects.exists():
        TextBlock.objects.bulk_create(
            TextBlock(name=name, use=use, language=language, body=body)
            for name, use, bodies in SHIPPED
            for language, body in bodies.items()
        )
    for language, (greeting, hint) in SCRIPTS.items():
        CallScript.objects.get_or_create(queue="", language=language, defaults={"greeting": greeting, "hint": hint})
    for (impact, urgency), priority in DEFAULT.items():
        PriorityCell.objects.get_or_create(impact=impact, urgency=urgency, defaults={"priority": priority})
    for key, (name, category, steps) in PLAYBOOKS.items():
        book, made = Playbook.objects.get_or_create(
            key=key, version=1, defaults={"name": str(name), "category": category}
        )
        if made:
            PlaybookStep.objects.bulk_create(
                PlaybookStep(playbook=book, position=n, title=step.title, mandatory=step.mandatory,
                             public=step.public, due_minutes=step.due_minutes)
                for n, step in enumerate(steps, start=1)
            )  # fmt: skip
