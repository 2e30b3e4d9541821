import pytest

from accounts.models import AccountTeamMember
from escalation.commands.fire import fire_all
from escalation.models import Alarm, Duty, Notification
from tests.factories.clocks import escalated_ticket, fired


@pytest.mark.fault("F12")
@pytest.mark.invariant("I9")
def test_a_role_nobody_holds_falls_back_and_says_so(cast, rules, nine):
    AccountTeamMember.objects.filter(role="account_manager").delete()
    escalated_ticket(cast, nine)

    fire_all(nine)

    duty = Duty.objects.get(role="account_manager")
    assert (duty.person, duty.why) == (cast.mo, "fallback")


@pytest.mark.fault("F12")
@pytest.mark.invariant("I9")
def test_with_nobody_at_all_the_emergency_address_is_told(cast, rules, nine, settings):
    settings.BREAK_GLASS = ["glass@desk.example", "second@desk.example"]
    type(cast.mo).objects.update(available=False)
    escalated_ticket(cast, nine)

    fire_all(nine)

    pages = Notification.objects.filter(firing__rule_code="F-1")
    assert set(pages.values_list("user", "address", "channel", "why")) == {
        (None, "glass@desk.example", "email", "break_glass"),
        (None, "second@desk.example", "email", "break_glass"),
    }


@pytest.mark.fault("F12")
@pytest.mark.invariant("I9")
def test_without_even_an_emergency_address_the_operator_is_alarmed(cast, rules, nine, settings):
    settings.BREAK_GLASS = []
    type(cast.mo).objects.update(available=False)
    escalated_ticket(cast, nine)

    fire_all(nine)

    assert ("F-1", 1, "no_recipient") in fired()
    assert set(Alarm.objects.values_list("kind", "detail")) == {("no_recipient", "D-0"), ("no_recipient", "F-1")}
