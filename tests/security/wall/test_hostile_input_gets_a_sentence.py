"""Wrong types, NUL, too much, unknown ids and prying parameters: always 4xx with a sentence, never 500, no insides."""

import pytest
from django.db import transaction

from tests.security.wall.test_canaries_stay_inside import read
from tests.security.wall.world import addresses, ours, with_parameters
from tests.short import some

pytestmark = pytest.mark.django_db
NAMED = with_parameters()
URLS = [route for route in ours() if route in NAMED or not route.parameters]
QUERIES = (
    "?page=-1&after=-1&cursor=-1&limit=-1", "?limit=99999999999999999999&page=99999999999999999999&after=x",
    "?x__password=1&owner__password__startswith=a", "?ordering=owner__password&sort=owner__password",
    "?q=%00&find=%00", "?q=%27%22%3B--&view=..%2F..&part=..%2F..&state=%27",
    "?service=not-a-uuid&site=1&ticket=%F0%9F%92%A9&item=x", "?cursor=bnVsbA%3D%3D&after=bnVsbA%3D%3D",
    "?organisation=1&team=1&owner=x&received_from=never&due_before=0000-00-00", "?q=" + "9" * 5000,
    "?q=" + "%C2%B2" * 9 + "&limit=%C2%B2", "?view=mine&team=" + "a" * 300 + "&category[]=1",
)  # fmt: skip
WORDS = ("reason", "body", "text", "title", "title_", "tried", "evidence", "comment", "problem_what", "caller_name",
         "version", "until", "due_at", "priority", "team", "user", "item", "work_item", "note", "notes", "suspension",
         "function", "given", "kind", "number", "contact", "service", "act", "find", "choose", "join", "dial", "once",
         "seen", "callback_number", "requester_name", "relation", "what", "urgency", "promise_at", "method",
         "rating")  # fmt: skip
VALUES = ("\x00", "²", "-1", "9" * 400, "{}", "\ud7ff\U0010ffff" * 9_000, "0000-00-00T00:00")
ODD = {"If-Match": '"²"', "Idempotency-Key": "k" * 300}
LONG = {"If-Match": "9" * 5000}
INSIDES = ("Traceback", "psycopg2", "django.db", "SELECT ", "/site-packages/", "DoesNotExist", "ValueError")
NOWHERE = (
    "/desk/tickets/%00/", "/desk/tickets/SD-999999/", "/files/x/", "/desk/..;/admin/", "/c/" + "x" * 5000 + "/",
    "/s/%F0%9F%92%A9/", "/portal/tickets/%27/none/", "/api/v1/tickets/SD-1/", f"/api/v1/contacts/{'-' * 36}/",
    "/supervisor/escalations/1/", "/desk/customers/x/", "/admin/x/y/z/",
)  # fmt: skip
CLIENTS = ("supervisor", "customer of A", "token of A")


def check(answer, path: str) -> None:
    text = read(answer)
    late = answer.status_code == 503 and path.startswith("/healthz/engine")  # its word for timers that are late
    assert late or (answer.status_code < 500 and answer.status_code != 429), (answer.status_code, path)
    assert not any(word in text for word in INSIDES), path
    if answer.status_code in {400, 409, 413, 415, 422}:
        assert text.strip(), path


def ask(client, method: str, path: str, *args, **kwargs) -> None:
    """One request whose writes are taken back."""
    with transaction.atomic():
        answer = getattr(client, method)(path, *args, **kwargs)
        check(answer, path)
        transaction.set_rollback(True)


def reaching(route) -> tuple[str, ...]:
    """The clients that pass the route's door."""
    if route.pattern.startswith("/api/"):
        return ("token of A",)
    return ("customer of A",) if route.pattern.startswith("/portal/") else ("supervisor",)


@pytest.mark.parametrize("route", URLS, ids=lambda route: route.pattern)
def test_prying_and_broken_queries(route, world):
    for name in reaching(route):
        for path in list(addresses(route.pattern, world.ids))[:1]:
            for query in some(QUERIES, path, 4):
                ask(world.clients[name], "get", path + query)


@pytest.mark.parametrize("route", URLS, ids=lambda route: route.pattern)
def test_broken_bodies(route, world):
    for name in reaching(route):
        client = world.clients[name]
        for path in addresses(route.pattern, world.ids):
            for value in some(VALUES, path, 2):
                if name == "token of A":
                    body = dict.fromkeys((*WORDS, "reason_code"), value)
                    ask(
                        client,
                        "post",
                        path,
                        body,
                        content_type="application/json",
                        headers=ODD if value == "²" else LONG,
                    )
                    ask(client, "post", path, '{"reason": [1], "body": {}, "notes": "x", "title": 1e999}',
                        content_type="application/json", headers={"If-Match": '"1"'})  # fmt: skip
                else:
                    ask(client, "post", path, dict.fromkeys(WORDS, value))


@pytest.mark.parametrize("path", NOWHERE)
def test_addresses_that_lead_nowhere(path, world, client):
    for one in (*(world.clients[name] for name in CLIENTS), client):
        with transaction.atomic():
            answer = one.get(path)
            check(answer, path)
            assert 300 <= answer.status_code < 500


def test_a_body_of_a_megabyte_and_more_is_refused_with_a_sentence(world):
    doors = (("supervisor", f"/desk/tickets/{world.ids['number']}/note/"),
             ("customer of A", f"/portal/tickets/{world.ids['number']}/reply/"))  # fmt: skip
    for size in (1_000_000, 3_000_000):
        for name, path in doors:
            body = {"body": "a" * size, "visibility": "public"}
            with transaction.atomic():
                answer = world.clients[name].post(path, body)
                check(answer, path)
                assert answer.status_code in {400, 413, 422}
