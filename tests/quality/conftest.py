"""A fault solved by the real commands, with the shipped policies running, and people who report on it."""

from dataclasses import replace

import pytest

from accounts.actors import actor_for
from quality.reports.commands.draft import draft_report
from quality.reports.commands.file import file_report
from quality.reports.commands.save import Content, Measure, save_report
from tests.factories.cast import staff
from tests.tickets.path import Path

WRITTEN = Content(
    title="Calls to one clinic refused", summary="Calls from outside were refused for a while.",
    cause="A codec was removed from the profile of the border gateway.", repair="The codec was put back, calls pass.",
    prevention="Both sides are compared before a codec is removed.",
)  # fmt: skip


@pytest.fixture
def path(cast, policies, nine) -> Path:
    """Walks a ticket along the main path."""
    return Path(cast, nine)


@pytest.fixture
def wendy(cast):
    """The quality reviewer."""
    return actor_for(staff("wendy@desk.example", "Wendy Okoro", "quality_reviewer"))


@pytest.fixture
def drafted(path):
    """Return (ticket, draft) of a fault that was just solved."""
    ticket = path.resolved()
    return ticket, draft_report(ticket_id=ticket.pk, actor=path.cast.bo_actor, at=path.tick())


@pytest.fixture
def written(path, drafted):
    """The draft with everything said and one measure."""
    ticket, draft = drafted
    content = replace(WRITTEN, measures=[Measure(title="Alarm on refused calls", owner=path.cast.sam.uuid)])
    return save_report(edition_id=draft.pk, content=content, actor=path.cast.bo_actor, at=path.tick(), version=1)


@pytest.fixture
def filed(path, written):
    """The draft filed by Bo."""
    return file_report(
        edition_id=written.pk, people_confirmed=True, actor=path.cast.bo_actor, at=path.tick(), version=2
    )
