"""The audit of a major incident led by the real commands: the cadence promised is what it expects too."""

from datetime import timedelta

import pytest

from escalation.commands.audit import audit_day
from escalation.commands.fire import fire_all
from escalation.models import Firing
from tests.factories.clocks import MINUTE
from tests.factories.majors import declared, told
from tickets.commands.major_news import change_cadence
from tickets.commands.major_restore import restore_major
from tickets.commands.major_steps import add_prevention


@pytest.mark.rule("V-19")
def test_a_cadence_of_its_own_changed_and_missed_holds_no_difference(cast, policies, nine):
    incident, cy = declared(cast, nine, cadence_minutes=60), cast.cy_actor
    add_prevention(
        incident_id=incident.pk, title="Alarm on 488 replies", owner_user_id=cast.sam.pk, due_at=nine + 90 * MINUTE,
        actor=cy, at=nine,
    )  # fmt: skip
    fire_all(nine + 60 * MINUTE)
    told(incident, cy, nine + 65 * MINUTE)
    change_cadence(incident_id=incident.pk, cadence_minutes=15, actor=cy, at=nine + 70 * MINUTE)
    for minute in (75, 80, 90, 120):
        fire_all(nine + minute * MINUTE)
    restore_major(
        incident_id=incident.pk, bodies={"en": "All calls pass again"}, evidence="Test calls pass", actor=cy,
        at=nine + 125 * MINUTE,
    )  # fmt: skip
    end = nine + timedelta(hours=4)
    fire_all(end)

    assert list(Firing.objects.filter(rule_code="I-1").values_list("due_at", flat=True).order_by("due_at")) == [
        nine + 60 * MINUTE, nine + 80 * MINUTE, nine + 110 * MINUTE
    ]  # fmt: skip
    assert Firing.objects.filter(rule_code="W-1D").count() == 1
    kept = audit_day(on=end.date(), at=end + 2 * MINUTE)
    assert [(one["code"], one["occurrence"], one["what"]) for one in kept.differences] == []
