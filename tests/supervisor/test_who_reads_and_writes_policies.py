import pytest

from accounts.models import RoleGrant
from escalation.models import PolicyDraft
from tests.factories.cast import staff
from tests.factories.policies import drafted

KEY = "fault_handling"
READ = ["", f"{KEY}/", f"{KEY}/rules.csv", f"{KEY}/versions/?n=1", f"{KEY}/comparison/"]
WRITE = ["begin", "rule", "conditions", "when", "variant", "remove", "up", "down", "mend", "copy", "compare", "publish",
         "discard", "retire", "variant-remove", "stop-comparison"]  # fmt: skip
ROLES = {
    "agent": (404, 404), "duty_manager": (200, 404), "supervisor": (200, 200), "administrator": (200, 200),
    "quality_reviewer": (404, 404), "security_lead": (404, 404), "approver_service": (404, 404),
}  # fmt: skip


@pytest.fixture
def world(cast, rules, nine, desk_time):
    """A draft of fault handling."""
    desk_time(nine)
    return drafted(KEY, cast.cy_actor, nine, T_4={"offset_s": 5400})


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reads_and_moves_policies_or_finds_none(world, signed_in, role):
    client = signed_in(staff(f"{role}@matrix.example", "Matrix", role))
    reads, moves = ROLES[role]

    assert [client.get(f"/supervisor/policies/{path}").status_code for path in READ] == [reads] * len(READ)
    assert client.get(f"/supervisor/policies/{KEY}/move/").status_code == moves
    assert client.get("/supervisor/policies/new/").status_code == moves


@pytest.mark.parametrize("role", [role for role, (_reads, writes) in ROLES.items() if writes == 404])
def test_a_role_that_does_not_write_policies_finds_no_command(world, signed_in, role):
    client = signed_in(staff(f"{role}@matrix.example", "Matrix", role))

    sent = {"version": "1", "rule": "T-4", "note": "x", "reason": "x", "label": "Mine", "length": "1", "unit": "min"}
    answers = [client.post(f"/supervisor/policies/{KEY}/do/{name}/", sent).status_code for name in WRITE]

    assert answers == [404] * len(WRITE)
    assert client.post("/supervisor/policies/new/", {"name": "Mine", "subject": "escalation"}).status_code == 404
    assert PolicyDraft.objects.get().shape == world.shape


def test_customers_and_strangers_learn_of_no_policy(cast, world, signed_in, client):
    for path in READ:
        assert signed_in(cast.ada.user).get(f"/supervisor/policies/{path}").status_code == 404
        assert client.get(f"/supervisor/policies/{path}").status_code == 302


def test_a_lost_role_writes_no_more(cast, world, signed_in):
    client = signed_in(cast.cy)
    RoleGrant.objects.filter(user=cast.cy).delete()

    assert client.post(f"/supervisor/policies/{KEY}/do/discard/", {"version": "2"}).status_code == 404
    assert PolicyDraft.objects.exists()
