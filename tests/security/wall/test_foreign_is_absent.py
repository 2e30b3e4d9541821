"""Every URL that names an object, asked by everybody outside of its organisation: the answer for what is not there."""

import pytest

from tests.security.wall.world import ABSENT, NOBODY, addresses, with_parameters, words_of, writes
from tests.short import some

pytestmark = pytest.mark.django_db
NAMED = with_parameters()
NOWHERE = {302, 401, 403, 404, 405}
PLAUSIBLE = {
    "reason": "It is needed", "body": "A word from outside", "text": "A word from outside", "visibility": "internal",
    "public": "false", "version": "3", "rating": "1", "response_rating": "1", "given": "yes", "function": "monitoring",
    "approved": "yes", "outcome": "reached", "disposition": "spam", "act": "end", "tried": "Everything",
    "priority": "P1", "relation": "customer", "number": "+61355500142", "note": "From outside", "how": "call",
}  # fmt: skip


def ask(client, method: str, path: str, ids: dict[str, str]):
    if method == "get":
        return client.get(path)
    named = {"suspension": "suspension", "item": "work_item", "work_item": "work_item", "commitment": "commitment",
             "note": "note_public", "contact": "contact"}  # fmt: skip
    body = PLAUSIBLE | {name: ids[kind] for name, kind in named.items()}
    if path.startswith("/api/"):
        return client.post(path, body, content_type="application/json", headers={"If-Match": '"3"'})
    return client.post(path, body)


@pytest.mark.parametrize("route", NAMED, ids=lambda route: route.pattern)
def test_nobody_outside_can_tell_a_foreign_object_from_none_or_touch_it(route, world):
    missing = dict.fromkeys(world.ids, ABSENT) | {"number": NOBODY}
    before = writes()
    pairs = list(zip(addresses(route.pattern, world.ids), addresses(route.pattern, missing), strict=True))
    for name in world.outside:
        client = world.clients[name]
        for foreign, absent in pairs[:1] + list(some(pairs[1:], f"{name} {route.pattern}", 2)):
            for method in ("get", "post"):
                got = ask(client, method, foreign, world.ids)
                none = ask(client, method, absent, missing)
                assert words_of(got, world.ids) == words_of(none, world.ids), (name, method, foreign)
                assert got.status_code in NOWHERE, (name, method, foreign)
    assert writes() == before


@pytest.mark.parametrize("route", [r for r in NAMED if "conflict" not in r.pattern], ids=lambda route: route.pattern)
def test_those_inside_do_reach_it(route, world):
    for path in addresses(route.pattern, world.ids):
        assert any(_reaches(client, path, world) for client in (world.clients[name] for name in world.inside)), path


def _reaches(client, path: str, world) -> bool:
    for method in ("get", "post"):
        answer = ask(client, method, path, world.ids)
        assert answer.status_code < 500, path
        elsewhere = answer.status_code == 302 and "login" in answer.headers["Location"]
        if answer.status_code not in NOWHERE - {302} and not elsewhere:
            return True
    return False
