"""Thirty agents, one command a second each, over keep-alive connections at the real web process."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.report import Figure, spread
from bench.rows import CSRF, Desk, cookie_of
from bench.web import Web

GAP_S = 1.0
WARM, LEAD_S = 3, 12  # nine reads before the clock starts: threads, connections and templates are there, as at work
MIX = ("sign-for", "record-contact", "add-progress", "note", "reprioritise")


@dataclass(slots=True)
class Agent:
    """One agent. `commands` and `reads` grow as milliseconds, `wrong` as what was answered instead of success."""

    port: int
    cookie: str
    numbers: list[str]
    start: float
    commands: list[float] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def work(self, seconds: int) -> None:
        """Run one command a second, at whole seconds of this agent's own; read a ticket when it is taken up, then go on
        with the ETag that each command answers, as a client does."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        pause, tag = threading.Event(), '"1"'
        for number in self.numbers[:WARM] * WARM:
            self._ask(line, "GET", f"/api/v1/tickets/{number}/", None, [], "")
        for n in range(seconds):
            pause.wait(max(0.0, self.start + n * GAP_S - time.monotonic()))
            number, name = self.numbers[(n // len(MIX)) % len(self.numbers)], MIX[n % len(MIX)]
            if n % len(MIX) == 0:
                tag = self._ask(line, "GET", f"/api/v1/tickets/{number}/", None, self.reads, "") or tag
            path, body = self._command(name, number, n)
            tag = self._ask(line, "POST", path, body, self.commands, tag) or tag
        line.close()

    def _command(self, name: str, number: str, n: int) -> tuple[str, dict | None]:
        body = {
            "sign-for": None,
            "record-contact": {"outcome": "reached", "text": f"Call {n}"},
            "add-progress": {"body": f"Step {n}: port measured, loss falls.", "public": n % 2 == 0},
            "note": {"ticket": number, "body": f"Note {n}", "public": False},
            "reprioritise": {"priority": "P2", "reason": "Measured"},
        }[name]
        return "/api/v1/notes/" if name == "note" else f"/api/v1/tickets/{number}/{name}/", body

    def _ask(self, line, method: str, path: str, body, taken: list[float], tag: str) -> str | None:
        headers = {"Cookie": self.cookie, "X-CSRFToken": CSRF, "Content-Type": "application/json"}
        if tag:
            headers["If-Match"] = tag
        began = time.perf_counter()
        try:
            line.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = line.getresponse()
            said = answer.read()
        except OSError as error:
            line.close()
            self.wrong.append(f"{path} {type(error).__name__}")
            return None
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status >= 400:
            self.wrong.append(f"{path} {answer.status} {said[:200]!r}")
        return answer.headers.get("ETag")


def measure(desk: Desk, web: Web, seconds: int) -> Iterator[Figure]:
    """Yield p95 of the commands and of the reads, and what went wrong."""
    start = time.monotonic() + LEAD_S
    cookies = [cookie_of(user) for user in desk.agents]
    spaced = enumerate(zip(cookies, desk.numbers, strict=True))
    worked = web.processor_s()
    agents = [
        Agent(web.port, cookie, numbers, start + n % len(MIX) + n / len(cookies)) for n, (cookie, numbers) in spaced
    ]
    threads = [threading.Thread(target=agent.work, args=(seconds,)) for agent in agents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked = sum(len(agent.commands) + len(agent.reads) for agent in agents)
    each = (web.processor_s() - worked) / max(asked, 1) * 1000
    wrong = [said for agent in agents for said in agent.wrong]
    note = f"{len(agents)} agents, one command a second, {seconds} s, warm"
    yield spread("commands over HTTP", [ms for a in agents for ms in a.commands], target=200, note=note)
    yield spread("reads of a ticket over HTTP", [ms for a in agents for ms in a.reads], target=200)
    yield Figure(name="processor time of the web, each request", value=round(each, 1), unit="ms", note=f"{asked} asked")
    said = wrong[0][:300] if wrong else ""
    yield Figure(name="errors of the agents", value=len(wrong), unit="answers", target=1, note=said)
