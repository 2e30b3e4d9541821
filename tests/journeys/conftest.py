"""One whole desk for all journeys: Granian, workers, beat, engine and mail sink, each a process of its own."""

import itertools
from typing import Any

import pytest

from tests.journeys.furnish import PASSWORD
from tests.journeys.people import Person, Robot
from tests.processes import world

_keys = itertools.count(1)
WIDE = {"width": 1440, "height": 1000}


@pytest.fixture(scope="session")
def desk():
    """Everything runs; `desk.cast` holds the token and the public ids."""
    with world() as made:
        made.furnish()
        made.start_all()
        yield made


@pytest.fixture(scope="session")
def people(desk) -> dict[str, Any]:
    """Everyone signed in over HTTP, by first name, and the robot."""
    addresses = {
        "ada": "ada@northgate.example", "dee": "dee@calder.example", "bo": "bo@desk.example", "cy": "cy@desk.example",
        "mo": "mo@desk.example", "sam": "sam@desk.example",
    }  # fmt: skip
    everyone = {name: Person(desk.base, address) for name, address in addresses.items()}
    return everyone | {"robot": Robot(desk.base, desk.cast["token"])}


@pytest.fixture
def enter(desk, chromium_browser):
    """Return a function: address → a page signed in through the form. Fails on a script error or a policy breach."""
    problems: list[str] = []
    contexts = []

    def sign_in(email: str, **screen: Any):
        context = chromium_browser.new_context(**({"viewport": WIDE, "locale": "en-AU"} | screen))
        contexts.append(context)
        page = context.new_page()
        page.base = desk.base
        page.set_default_timeout(30_000)
        page.on("console", lambda m: problems.append(m.text) if "Content Security Policy" in m.text else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{desk.base}/accounts/login/")
        page.locator("[name=login]").fill(email)  # by name: the page may be in any language
        page.locator("[name=password]").fill(PASSWORD)
        with page.expect_navigation():
            page.locator("form[action='/accounts/login/'] button.btn-primary").click()
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def raised(desk, people):
    """Return a function that logs a ticket by the token, routes it, and returns its number."""

    def make(title: str = "Packet loss at Sunbury clinic", **answers: Any) -> str:
        body = {
            "title": title, "description": "Ping loses eight of a hundred.", "organisation": desk.cast["organisation"],
            "contact": desk.cast["ada"], "service": desk.cast["service"],
        }  # fmt: skip
        made = people["robot"].api("POST", "tickets/", body, Idempotency_Key=f"{title}-{next(_keys)}")
        assert made.status_code == 201, made.text
        facts = {
            "kind": "fault", "category": "network_interruption", "impact": "medium", "urgency": "medium",
            "scope": "single", "team": desk.cast["l1"], "tier": "l1",
        } | answers  # fmt: skip
        people["cy"].run(made.json()["number"], "triage", **facts)
        return made.json()["number"]

    return make
