"""Policy, type, referrer, frame and store headers on pages, fragments, errors, files, links and the API."""

import pytest
from django.test import Client

from servicedesk.web.routes import routes
from tests.house.test_every_url_says_who_may import filled
from tests.security.wall.world import BACKEND
from tests.short import some

pytestmark = pytest.mark.django_db
STRICT = {"default-src 'none'", "script-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"}
OURS = [route for route in routes() if not route.pattern.startswith("/admin/") or route.pattern == "/admin/"]
DOCS = "/api/v1/docs/"


@pytest.fixture
def browsers(cast) -> dict[str, Client]:
    made = {"stranger": Client(raise_request_exception=False)}
    for name, user in (("staff", cast.cy), ("customer", cast.ada.user)):
        made[name] = Client(raise_request_exception=False)
        made[name].force_login(user, backend=BACKEND)
    return made


@pytest.mark.parametrize("route", OURS, ids=lambda route: route.pattern)
def test_headers_are_on_every_answer(route, browsers):
    for name, browser in some(list(browsers.items()), route.pattern, 1):
        for extra in ({}, {"HX-Request": "true"}):
            for method in ("get", "post", "delete"):
                answer = getattr(browser, method)(filled(route.pattern), headers=extra)
                told, where = answer.headers, (name, method, answer.status_code)
                assert answer.status_code < 500, where
                policy = {part.strip() for part in told["Content-Security-Policy"].split(";")}
                assert policy >= STRICT or route.pattern == DOCS, where
                assert not any("unsafe" in part for part in policy if "script" in part or "default" in part), where
                assert told["X-Content-Type-Options"] == "nosniff" and told["X-Frame-Options"] == "DENY", where
                assert told["Referrer-Policy"] in {"same-origin", "no-referrer"}, where
                assert "no-store" in told["Cache-Control"], where
                assert told["X-Request-ID"], where
                assert "Server" not in told and "X-Powered-By" not in told, where


def test_bad_addresses_and_methods_carry_them_too(browsers):
    for path in ("/nothing/here/", "/desk/?q=%00", "/desk/..;/x/", "/accounts/login/%2e%2e/", "/static/nothing.js"):
        answer = browsers["staff"].get(path)
        assert 400 <= answer.status_code < 500
        assert {part.strip() for part in answer.headers["Content-Security-Policy"].split(";")} >= STRICT, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path


def test_cookies_are_kept_from_scripts_and_from_other_sites(browsers, settings):
    staff = browsers["staff"]
    staff.get("/desk/")
    session, token = staff.cookies[settings.SESSION_COOKIE_NAME], staff.cookies[settings.CSRF_COOKIE_NAME]
    assert session["httponly"] and session["samesite"] == "Lax" and token["samesite"] == "Lax"


def test_a_stranger_leaves_no_session_behind(db, client):
    from django.contrib.sessions.models import Session

    for path in (
        "/",
        "/desk/",
        "/portal/?next=x",
        "/accounts/login/?next=/desk/",
        "/c/x/",
        "/s/x/",
        "/api/v1/tickets/",
    ):
        client.get(path)
    assert Session.objects.count() == 0


def test_links_never_pass_their_address_on(client):
    for path in ("/c/abc/", "/s/abc/"):
        for method in ("get", "post"):
            told = getattr(client, method)(path).headers
            assert told["Referrer-Policy"] == "no-referrer" and "noindex" in told["X-Robots-Tag"], path
