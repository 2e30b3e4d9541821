import pytest

from accounts.models import AccountTeamMember, RoleGrant, User
from tests.factories.rosters import DAY, weeks


@pytest.fixture
def admin(cast, signed_in, desk_time, nine):
    """Cy, administrator; Mo stands on a roster; the account manager of Northgate holds that role."""
    desk_time(nine)
    RoleGrant.objects.create(user=cast.cy, role="administrator")
    weeks(cast, nine - DAY, cast.mo, cast.sam)
    return signed_in(cast.cy)


def test_everything_open_is_listed_and_a_successor_is_demanded(cast, admin):
    address = f"/supervisor/people/{cast.mo.uuid}/leaving/"
    page = admin.get(address).content.decode()
    assert (
        "Account manager, Northgate"
        in admin.get(f"/supervisor/people/{cast.people['account_manager'].uuid}/leaving/").content.decode()
    )
    assert "Duty managers, Weeks" in page and "Turns and rosters" in page

    refused = admin.post(address, {"reason": "Moved on"})
    assert refused.status_code == 422 and "Name who takes over" in refused.content.decode()
    assert User.objects.get(pk=cast.mo.pk).is_active

    done = admin.post(address, {"reason": "Moved on", "successor": cast.sam.uuid})
    assert done.status_code == 303 and not User.objects.get(pk=cast.mo.pk).is_active


def test_only_administrators_open_it_and_nobody_for_themselves(cast, admin, signed_in):
    for user, status in ((cast.bo, 404), (cast.mo, 404)):
        assert signed_in(user).get("/supervisor/people/").status_code == status
        assert signed_in(user).get(f"/supervisor/people/{cast.sam.uuid}/leaving/").status_code == status
    assert "Ask another administrator" in admin.get(f"/supervisor/people/{cast.cy.uuid}/leaving/").content.decode()
    assert admin.post(f"/supervisor/people/{cast.cy.uuid}/leaving/", {"reason": "x"}).status_code == 422


def test_the_pages_ask_little(cast, admin, django_assert_max_num_queries):
    for address in ("/supervisor/people/", f"/supervisor/people/{cast.mo.uuid}/leaving/"):
        admin.get(address)
        with django_assert_max_num_queries(15):
            assert admin.get(address).status_code == 200


def test_over_rest_an_administrator_hands_over_and_a_token_does_not(cast, admin, signed_in):
    person = cast.people["account_manager"]
    address = f"/api/v1/staff/{person.uuid}/leaving/"

    assert {row["kind"] for row in admin.get(address).json()} == {"ladder_roles"}
    body = {"reason": "Moved on", "successor": str(cast.sam.uuid)}
    answers = [admin.post(address, body, content_type="application/json", headers={"Idempotency-Key": "k"})
               for _n in range(2)]  # fmt: skip
    assert [a.status_code for a in answers] == [200, 200] and answers[1].headers["Idempotent-Replayed"] == "true"
    assert answers[0].json()["active"] is False
    assert AccountTeamMember.objects.get(organisation=cast.northgate, role="account_manager").user == cast.sam
    assert signed_in(cast.bo).get(address).status_code in {403, 422}
