"""A real Chromium at a real server: signed-in pages that fail on a script error or a breach of the content policy."""

from datetime import timedelta
from pathlib import Path as FilePath

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache

from ledger import clock
from tests.desk.conftest import BACKEND
from tests.tickets.path import Path

SHOTS = FilePath(settings.DATA_DIR) / "shots"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def path(transactional_db, nine) -> Path:
    """The cast and the shipped policies, committed, and the desk's time at the path's last step."""
    from escalation.seed import seed_policies
    from tests.factories.cast import make_cast
    from tickets.seed import seed_configuration

    cache.clear()
    cast = make_cast()
    seed_configuration()
    seed_policies(at=nine)
    walk = Path(cast, nine)
    clock.set_demo(demo_now=walk.tick(), speed=1.0)
    return walk


@pytest.fixture
def sign_in(live_server, chromium_browser, path):
    """Return a function: user → page, signed in. Checks at the end that no page failed."""
    problems: list[str] = []
    contexts = []

    def enter(user, *, width: int = 1440, height: int = 1000, dark: bool = False, **more):
        context = chromium_browser.new_context(viewport={"width": width, "height": height}, locale="en-AU", **more)
        contexts.append(context)
        context.add_cookies([
            {"name": settings.SESSION_COOKIE_NAME, "value": _session(user), "url": live_server.url},
            {"name": "desk_theme", "value": "dark" if dark else "light", "url": live_server.url},
        ])  # fmt: skip
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on(
            "console",
            lambda m: problems.append(f"{m.text[:90]} {m.location}") if "Content Security Policy" in m.text else None,
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.base = live_server.url
        clock.set_demo(demo_now=path.now + timedelta(minutes=1), speed=1.0)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert problems == []


def _session(user) -> str:
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def looks_right(page, name: str) -> None:
    """Assert that axe finds nothing on the page as it stands, and keep a picture of it."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)
    found = Axe().run(page, options=RULES).response["violations"]
    told = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]
    assert told == [], f"{name}: {told}"
