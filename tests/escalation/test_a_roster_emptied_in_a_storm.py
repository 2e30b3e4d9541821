from datetime import timedelta

import pytest

from accounts.models import AccountTeamMember, RoleGrant
from escalation.commands.fire import fire_all, fire_due
from escalation.models import Alarm, Firing, Notification, RosterSlot
from servicedesk.management.storm import fill

STORM, BATCH = 400, 100


@pytest.mark.fault("F12")
@pytest.mark.invariant("I1")
@pytest.mark.invariant("I9")
@pytest.mark.django_db(transaction=True)
def test_a_roster_emptied_in_a_storm_leaves_no_firing_without_somebody_or_an_alarm(settings):
    settings.BREAK_GLASS = ["glass@desk.example"]
    due_at = fill(armed=STORM, due=STORM, lead=timedelta(seconds=-1))
    fire_due(limit=BATCH)
    RosterSlot.objects.all().delete()
    fire_due(limit=BATCH)
    AccountTeamMember.objects.all().delete()
    RoleGrant.objects.all().delete()
    fire_due(limit=BATCH)
    settings.BREAK_GLASS = []
    fire_all(limit=BATCH)

    firings = Firing.objects.filter(due_at=due_at)
    assert firings.count() == Firing.objects.count() == STORM
    assert not firings.filter(fired_at__lt=due_at).exists()
    assert firings.filter(outcome="paged").count() == STORM - BATCH
    assert not firings.filter(outcome="paged", notifications=None).exists()
    assert Notification.objects.filter(address="glass@desk.example", why="break_glass").exists()
    assert firings.filter(outcome="no_recipient").count() == BATCH
    assert set(Alarm.objects.values_list("kind", "detail")) == {("no_recipient", "S-1"), ("no_recipient", "S-2")}
