import pytest

from accounts.models import Team
from channels.dispatch import send_outbox
from channels.fakes import recording
from ledger.models import Entry, OutboxMessage


@pytest.fixture
def lead(cast, signed_in, settings):
    settings.OUTBOUND = "record"
    Team.objects.filter(pk=cast.noc.pk).update(chat_url="slack://T1/B1/KANARIENHOOK")
    recording.clear()
    yield signed_in(cast.cy)
    recording.clear()


def test_a_test_goes_to_mailbox_and_chat_and_each_says_what_became_of_it(cast, lead):
    address = f"/supervisor/teams/{cast.noc.uuid}/test/"

    assert lead.post(address).status_code == 303
    assert OutboxMessage.objects.count() == 2
    lead.post(address)
    page = lead.get("/supervisor/teams/").content.decode()
    assert "A test went out" in page and "on its way" in page and OutboxMessage.objects.count() == 2
    while send_outbox():
        pass

    assert [letter.to.address for letter in recording.letters] == ["noc@desk.example"]
    assert [line.url for line in recording.chats] == ["slack://T1/B1/KANARIENHOOK"]
    page = lead.get("/supervisor/teams/").content.decode()
    assert page.count("arrived at the provider") == 2 and "KANARIENHOOK" not in page
    assert Entry.objects.get(name="team.tested").data["ways"] == 2


def test_only_leads_open_it_and_a_team_without_a_way_says_so(cast, lead, signed_in, django_assert_max_num_queries):
    assert signed_in(cast.bo).get("/supervisor/teams/").status_code == 404
    assert signed_in(cast.bo).post(f"/supervisor/teams/{cast.noc.uuid}/test/").status_code == 404
    Team.objects.filter(pk=cast.l3.pk).update(email="")
    lead.post(f"/supervisor/teams/{cast.l3.uuid}/test/")
    assert "neither mailbox nor chat" in lead.get("/supervisor/teams/").content.decode()
    with django_assert_max_num_queries(15):
        assert lead.get("/supervisor/teams/").status_code == 200
