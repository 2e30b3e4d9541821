from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccountTeamMember, User
from ledger.models import Entry


def test_the_command_lists_what_is_open_and_hands_it_over(cast):
    leaver, out = "account_manager@desk.example", StringIO()
    with pytest.raises(CommandError, match="ladder_roles: Account manager, Northgate"):
        call_command("deactivate_staff", leaver, reason="Moved on")
    assert User.objects.get(email=leaver).is_active and not Entry.objects.exists()

    call_command("deactivate_staff", leaver, reason="Moved on", successor="sam@desk.example", stdout=out)

    assert out.getvalue() == "Daniel Hartley is out. Their sign-ins have ended.\n"
    assert not User.objects.get(email=leaver).is_active
    assert AccountTeamMember.objects.get(organisation=cast.northgate, role="account_manager").user == cast.sam


def test_who_may_not_decide_is_refused(cast):
    with pytest.raises(CommandError, match="You may not change people"):
        call_command("deactivate_staff", "sam@desk.example", reason="x", by="bo@desk.example")
    with pytest.raises(CommandError, match="No member of staff"):
        call_command("deactivate_staff", "nobody@desk.example", reason="x")
