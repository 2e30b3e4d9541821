from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.actors import actor_for
from accounts.commands.deactivate import deactivate_staff, holdings_of
from accounts.commands.staff import add_staff, grant_role, join_team, leave_team, revoke_role
from accounts.models import AccountTeamMember, RoleGrant, User, Verification
from ledger.actor import SYSTEM
from ledger.errors import Refused
from ledger.models import Entry
from servicedesk.people_registry import HOLDINGS
from tests.factories.cast import staff
from tickets.models import Ticket, WorkItem


@pytest.fixture
def root(cast):
    return actor_for(staff("root@desk.example", "Root Admin", "administrator"))


def facts(user):
    return list(Entry.objects.filter(chain=f"staff:{user.uuid}").order_by("seq").values_list("name", flat=True))


@pytest.mark.rule("V-13")
def test_staff_are_added_given_roles_and_put_into_teams_on_the_record(cast, root, nine):
    eve = add_staff(email="Eve@desk.example", name="Eve Hart", actor=root, at=nine)
    grant_role(user_id=eve.pk, role="supervisor", region="au", actor=root, at=nine)
    join_team(user_id=eve.pk, team_id=cast.l1.pk, actor=root, at=nine)
    leave_team(user_id=eve.pk, team_id=cast.l1.pk, actor=root, at=nine)
    revoke_role(user_id=eve.pk, role="supervisor", region="au", actor=root, at=nine)

    names = ["added", "role_granted", "joined_team", "left_team", "role_revoked"]
    assert facts(eve) == [f"staff.{name}" for name in names]
    assert not eve.has_usable_password() and "Eve" not in str(Entry.objects.values_list("data", flat=True))


def test_only_administrators_reach_configuration(cast, root, nine):
    grant_role(user_id=cast.bo.pk, role="administrator", actor=root, at=nine)
    assert User.objects.get(pk=cast.bo.pk).is_staff
    revoke_role(user_id=cast.bo.pk, role="administrator", actor=root, at=nine)
    assert not User.objects.get(pk=cast.bo.pk).is_staff


@pytest.mark.parametrize(
    ("who", "act", "code"),
    [
        ("cy", lambda c, at, a: grant_role(user_id=c.bo.pk, role="supervisor", actor=a, at=at), "not_allowed"),
        ("ada", lambda c, at, a: add_staff(email="x@y.example", name="X", actor=a, at=at), "not_allowed"),
        ("root", lambda c, at, a: grant_role(user_id=a.user_id, role="supervisor", actor=a, at=at), "own_role"),
        ("root", lambda c, at, a: grant_role(user_id=c.bo.pk, role="king", actor=a, at=at), "unknown_role"),
        ("root", lambda c, at, a: grant_role(user_id=c.bo.pk, role="agent", actor=a, at=at), "has_role"),
        ("root", lambda c, at, a: grant_role(user_id=c.ada.user_id, role="agent", actor=a, at=at), "unknown_person"),
        ("root", lambda c, at, a: add_staff(email="BO@desk.example", name="B", actor=a, at=at), "email_taken"),
    ],
)
def test_what_is_not_allowed_is_refused_and_leaves_no_trace(cast, root, nine, who, act, code):
    actor = {"cy": cast.cy_actor, "ada": cast.ada_actor, "root": root}[who]
    with pytest.raises(Refused) as refusal:
        act(cast, nine, actor)
    assert refusal.value.code == code and not Entry.objects.exists()


def leave(cast, user, actor, at, successor=None):
    return deactivate_staff(
        user_id=user.pk,
        successor_id=successor.pk if successor else None,
        reason="Moved on",
        actor=actor,
        at=at,
        registry=HOLDINGS,
    )


def test_a_leaver_who_holds_something_needs_a_successor_who_gets_it(cast, root, nine):
    manager = cast.people["account_manager"]
    assert holdings_of(manager, HOLDINGS) == {"ladder_roles": ["Account manager, Northgate Health Alliance"]}
    with pytest.raises(Refused) as refusal:
        leave(cast, manager, root, nine)
    assert refusal.value.code == "successor_needed" and list(refusal.value.details["holds"]) == ["ladder_roles"]
    assert User.objects.get(pk=manager.pk).is_active

    leave(cast, manager, root, nine, successor=cast.sam)

    assert AccountTeamMember.objects.get(organisation=cast.northgate, role="account_manager").user == cast.sam
    entry = Entry.objects.get(name="staff.deactivated")
    assert entry.data["handed_over"] == {"ladder_roles": 1} and entry.data["successor"] == str(cast.sam.uuid)


@pytest.mark.parametrize(("successor", "owner"), [("cy", "Cy Lindqvist"), ("sam", None)])
def test_open_tickets_and_work_go_to_a_successor_of_the_team_else_to_its_queue(cast, root, nine, successor, owner):
    key = Verification.objects.create(proof="internal", outcome="passed", at=nine, organisation=cast.northgate)
    ticket = Ticket.objects.create(
        number="SD-000001", title="Line down", channel="phone", received_at=nine, verified_at=nine, verification=key,
        state="l1", tier="l1", team=cast.l1, owner=cast.bo, organisation=cast.northgate, reporter=cast.ada,
    )  # fmt: skip
    WorkItem.objects.create(
        ticket=ticket, source="manual", title="Call the clinic", owner_user=cast.bo, created_at=nine
    )
    assert holdings_of(cast.bo, HOLDINGS) == {
        "tickets": ["SD-000001"],
        "work_items": ["SD-000001: Call the clinic"],
    }

    leave(cast, cast.bo, root, nine, successor=getattr(cast, successor))

    held = Ticket.objects.get(pk=ticket.pk).owner
    assert (held.name if held else None) == owner
    assert WorkItem.objects.get().owner_user == getattr(cast, successor)


def test_a_leaver_loses_roles_teams_and_the_way_in(cast, root, nine):
    leave(cast, cast.bo, root, nine)

    bo = User.objects.get(pk=cast.bo.pk)
    assert (bo.is_active, bo.role_grants.count(), bo.memberships.count()) == (False, 0, 0)
    with pytest.raises(PermissionError):
        actor_for(bo)
    with pytest.raises(Refused, match="yourself"):
        leave(cast, User.objects.get(pk=root.user_id), root, nine)


def test_the_first_administrator_gets_a_link_and_no_password(db):
    out = StringIO()
    call_command("create_admin", "First@desk.example", name="First Admin", stdout=out)

    first = User.objects.get(email="first@desk.example")
    assert RoleGrant.objects.get(user=first).role == "administrator" and not first.has_usable_password()
    assert out.getvalue().count("http://") == 1
    with pytest.raises(CommandError, match="signs in with this address"):
        call_command("create_admin", "first@desk.example")
    assert Entry.objects.filter(actor_ref=SYSTEM.ref).count() == 2
