"""The agent's desk at full volume (issue 4): time on the server beside the same statements in raw SQL, and weights."""

import gzip
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest import mock
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import actor_for
from accounts.models import Contact, User
from bench.lists import client_of, raw, timed
from bench.report import Figure, p, spread
from bench.rows import Desk
from catalogue.models import Service
from ledger import clock
from servicedesk.desk import listing
from servicedesk.desk.listing import VIEWS
from servicedesk.web import shell_facts
from tickets import queries
from tickets.commands.interaction import save_draft, start_interaction
from tickets.models import Interaction, Ticket
from tickets.queue_order import GROUPS

QUERIES, FIRST_KB, LATER_KB = 15, 250, 40
ROUNDS = 120
WORDS = (
    "helium", "walrus port", "network", "customer", "optical power", "router reboo", "packet loss ballarat", "CHG-4711",
    "误码", "专线丢包", "invoice is:open", "codec is:open prio:P1", "latency org:group", "team:data transceiver",
    "firewall received>-30d", "nobodywritesthisword", "ge-3/2", "is:open is:unassigned", "backup owner:me",
    '"splice" -is:closed', "zeppelin quartz",
)  # fmt: skip
NARROWED = (
    *(f"group={name}" for name in GROUPS), "order=quiet", "order=newest", "order=oldest", "owner=none", "owner=me",
    "region=eu&channel=email", "segment=general", "service=EPL-1", "tag=vip", "due=overdue", "mark=urgent",
    "mark=reopened", "q=Packet", "q=nobodywritesthis", "order=newest&group=region",
)  # fmt: skip
LISTS = ("", "&state=closed", "&priority=P1", "&state=l1&tier=l1", "&kind=billing")
DEEP = 20_000
_SHEETS = re.compile(r"(?:href|src)=\"/static/([^\"?#]+)")
_IMPORTS = re.compile(r"from \"(\.[^\"]+)\"")


def measure(desk: Desk, size: str) -> Iterator[Figure]:
    """Yield the figures of queue, ticket, call, call search, text search, palette, API list, commands, and weights."""
    agents = [client_of(user) for user in desk.agents]
    views = ["", *(f"?view={view}" for view in VIEWS), "?view=all&priority=P1"]
    yield from _page(f"queue, {size}", agents, [f"/desk/{view}" for view in views], 80)
    narrowed = [f"/desk/?view=all&{asked}" for asked in NARROWED]
    yield from _page(f"queue filtered or grouped, {size}", agents, narrowed, 80)
    yield from _page(f"queue, {DEEP} rows deep", agents, _deep(desk), 80)
    yield from _page(f"ticket, {size}", agents, [f"/desk/tickets/{n}/" for n in _numbers(desk)], 80)
    yield from _calls(desk, agents)
    yield from _page(f"text search, {size}", agents, [_find("search", words) for words in WORDS], 100)
    yield from _page(f"palette, {size}", agents, [_find("palette", words) for words in WORDS[:8]], 100)
    yield from _page(f"API list of 50, {size}", agents, [f"/api/v1/tickets/?limit=50{asked}" for asked in LISTS], 50)
    yield _commands(desk, agents)
    yield from _weights(agents[0], _numbers(desk)[0])


def _page(name: str, clients: list[Client], paths: list[str], target: float) -> Iterator[Figure]:
    yield timed(name, clients, paths, target=target)
    asked = {path: _asked(clients[0], path) for path in paths}
    worst = max(asked, key=lambda path: asked[path])
    yield Figure(name=f"{name}: queries", value=asked[worst], unit="a page", target=QUERIES + 1, note=f"at {worst}")


def _asked(client: Client, path: str) -> int:
    """Queries of a warm page: the frame's figures are kept ten seconds. Only a demonstration asks for its clock."""
    with mock.patch.multiple(shell_facts, KEEP_SECONDS=600), mock.patch.multiple(listing, KEEP_SECONDS=600):
        cache.clear()
        client.get(path)
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
    return sum("ledger_democlock" not in query["sql"] for query in seen)


def _deep(desk: Desk) -> list[str]:
    """Pages that begin far down the queue: plain, grouped, and by another order."""
    actor, found = actor_for(User.objects.get(pk=desk.agents[0].pk)), []
    for order, group in (("due", ""), ("due", "team"), ("newest", "")):
        page, read = queries.queue(actor, view="all", order=order, group=group, limit=1000), 1000
        while read < DEEP and page.after:
            page = queries.queue(actor, view="all", order=order, group=group, after=page.after, limit=1000)
            read += 1000
        asked = {"view": "all", "order": order, "group": group, "after": page.after}
        found.append(f"/desk/?{urlencode({name: value for name, value in asked.items() if value})}")
    return found


def _find(page: str, words: str) -> str:
    return f"{reverse(f'desk:{page}')}?{urlencode({'q': words})}"


def _numbers(desk: Desk) -> list[str]:
    """Tickets of every age, and live ones with clocks and letters."""
    chance = random.Random(5)
    last = Ticket.objects.order_by("-pk").values_list("pk", flat=True)[0]
    keys = [chance.randrange(1, last) for _n in range(30)]
    return [*Ticket.objects.filter(pk__in=keys).values_list("number", flat=True), *(n[0] for n in desk.numbers if n)]


def _calls(desk: Desk, agents: Sequence[Client]) -> Iterator[Figure]:
    """Finding the caller in the call's own form, as every key pressed asks."""
    from servicedesk.management.commands.bench_callers import KINDS, questions

    chance, at = random.Random(7), clock.now()
    user = User.objects.get(pk=desk.agents[0].pk)
    call = start_interaction(
        channel="call", direction="in", caller_number="", called_queue="", started_at=at, answered_at=at,
        agent_id=user.pk, actor=actor_for(user), at=at,
    )  # fmt: skip
    people = list(Contact.objects.filter(email__startswith="p").select_related("organisation").order_by("uuid")[:500])
    path = reverse("desk:call", args=[call.uuid])

    def ask(words: str) -> Callable[[], None]:
        def post() -> None:
            answer = agents[0].post(path, {"act": "find", "find": words}, HTTP_HX_REQUEST="true")
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answered {answer.status_code}")

        return post

    yield from _triaged(agents[0], Interaction.objects.get(pk=call.pk), people[0], path)
    typed = [questions(kind, chance, people) for kind in KINDS for _n in range(ROUNDS // len(KINDS))]
    yield _spread("call search, 100000 contacts", [ask(words) for words in typed], 50)


def _triaged(client: Client, call: Interaction, person: Contact, path: str) -> Iterator[Figure]:
    """The call's page at its fullest: caller verified, service and category chosen."""
    held = {"contact_id": call.contact_id, "organisation_id": call.organisation_id, "verified": call.verified}
    rows = Interaction.objects.filter(pk=call.pk)
    rows.update(contact_id=person.pk, organisation_id=person.organisation_id, verified=True)
    service = Service.objects.filter(organisation_id=person.organisation_id)[0]
    said = {"category": "network_interruption", "service": str(service.uuid), "problem_what": "packet loss since nine"}
    save_draft(user=User.objects.get(pk=call.agent_id or 0), key=f"call:{call.uuid}", data=said, at=clock.now())
    yield from _page("call, verified and triaged", [client], [path], 80)
    rows.update(**held)


def _commands(desk: Desk, agents: Sequence[Client]) -> Figure:
    """Commands of five kinds on live tickets, each by its own form."""
    acts: list[Callable[[], None]] = []
    for agent, numbers in zip(agents, desk.numbers, strict=True):
        for number in numbers[:1]:
            acts += [_act(agent, number, slug, data) for slug, data in (
                ("note", {"visibility": "internal", "body": "Port measured, loss falls."}),
                ("contact", {"outcome": "reached", "text": "Talked to the site"}),
                ("tag", {"tags": "measured"}),
                ("reprioritise", {"priority": "P2", "reason": "A second site is down"}),
            )]  # fmt: skip
    return _spread("command", acts[:ROUNDS], 120, floor=False)


def _act(client: Client, number: str, slug: str, data: dict[str, Any]) -> Callable[[], None]:
    def post() -> None:
        version, priority = Ticket.objects.filter(number=number).values_list("version", "priority")[0]
        said = {**data, "version": version}
        if slug == "reprioritise" and priority == data["priority"]:  # a kept desk, measured before
            said["priority"] = "P3"
        answer = client.post(f"/desk/tickets/{number}/{slug}/", said)
        if answer.status_code != 303:
            raise RuntimeError(f"{slug} of {number} answered {answer.status_code}")

    return post


def _spread(name: str, acts: Sequence[Callable[[], None]], target: float, *, floor: bool = True) -> Figure:
    acts[0]()
    taken, busy = [], []
    for act in acts:
        began, worked = time.perf_counter(), time.thread_time()
        act()
        taken.append((time.perf_counter() - began) * 1000)
        busy.append((time.thread_time() - worked) * 1000)
    least = max(raw(act)[0] for act in acts[:: max(len(acts) // 12, 1)]) if floor else None
    note = f"processor time of the web alone p95 {p(busy, 0.95):.0f} ms"
    return spread(name, taken, target=target, floor=least, note=note)


def _weights(client: Client, number: str) -> Iterator[Figure]:
    """What goes over the line, compressed: once with sheets, scripts, letters and icons, then pages alone."""
    pages = {name: client.get(path).content for name, path in (
        ("queue", "/desk/"), ("ticket", f"/desk/tickets/{number}/"), ("search", _find("search", "packet loss")),
    )}  # fmt: skip
    first = _compressed(pages["queue"]) + sum(_sheets(pages["queue"].decode()).values())
    note = "queue page, styles, scripts, icons, letters; gzip"
    yield Figure(name="first load", value=round(first / 1024, 1), unit="KB", target=FIRST_KB, note=note)
    for name, body in pages.items():
        yield Figure(name=f"later page: {name}", value=round(_compressed(body) / 1024, 1), unit="KB", target=LATER_KB)


def _compressed(body: bytes) -> int:
    return len(gzip.compress(body, 6))


def _sheets(page: str) -> dict[str, int]:
    """Bytes of everything static a page asks for: what it names, what scripts import, the letters of the style."""
    folder = settings.BASE_DIR / "static"
    found = {re.sub(r"\.[0-9a-f]{12}(?=\.)", "", name) for name in _SHEETS.findall(page)}
    queue = list(found)
    while queue:
        name = queue.pop()
        if name.endswith(".js"):
            base = (folder / name).parent
            for other in _IMPORTS.findall((folder / name).read_text()):
                path = str((base / other).resolve().relative_to(folder.resolve()))
                if path not in found:
                    found.add(path)
                    queue.append(path)
    found |= {str(path.relative_to(folder)) for path in folder.glob("vendor/inter-*/**/*latin-wght*.woff2")}
    sizes = {}
    for name in found:
        body = (folder / name).read_bytes()
        sizes[name] = len(body) if name.endswith(".woff2") else _compressed(body)
    return sizes
