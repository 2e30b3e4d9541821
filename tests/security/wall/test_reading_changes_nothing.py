"""GET, HEAD and OPTIONS change no row, whoever asks for whatever (ASVS 3.5.3; decisions 18 for links)."""

from hashlib import sha256

import pytest

from escalation.models import ConfirmLink, Duty
from ledger import clock
from quality.models import Survey
from tests.security.wall.world import addresses, ours, with_parameters, writes
from tests.short import some

pytestmark = pytest.mark.django_db
READERS = {"/api": ("agent", "token of A"), "/por": ("customer of A",)}
DESK = ("agent", "supervisor", "customer of A")
NAMED = with_parameters()
URLS = [route for route in ours() if route in NAMED or not route.parameters]


@pytest.mark.parametrize("route", URLS, ids=lambda route: route.pattern)
def test_asking_for_a_page_writes_nothing(route, world):
    before, said = writes(), {"ticket": world.ids["number"], "q": "x", "number": "+61355500142"}
    for name in some(READERS.get(route.pattern[:4], DESK), route.pattern, 2):
        for path in addresses(route.pattern, world.ids):
            world.clients[name].get(path, {word: said[word] for word in route.query if word in said})
            world.clients[name].get(path, headers={"HX-Request": "true"})
            world.clients[name].options(path)
            assert writes() == before, (name, path)


def test_looking_behind_a_link_writes_nothing_and_posting_does(world, client):
    duty, at = Duty.objects.get(uuid=world.ids["duty"]), clock.now()
    survey = Survey.objects.filter(answered_at=None).first()
    ConfirmLink.objects.create(duty=duty, person=duty.person, token_sha256=sha256(b"looked-at").hexdigest(),
                               created_at=at, expires_at=at + (survey.expires_at - survey.sent_at))  # fmt: skip
    Survey.objects.filter(pk=survey.pk).update(token_sha256=sha256(b"looked-at").hexdigest())
    before = writes()
    for path in ("/c/looked-at/", "/s/looked-at/"):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
        assert client.options(path).status_code == 405
    assert writes() == before
    assert client.post("/c/looked-at/").status_code == 200
    assert client.post("/s/looked-at/", {"rating": "4", "response_rating": "4"}).status_code == 200
    assert writes() != before
