"""Every URL refuses a POST without its form token, whoever is signed in, and writes nothing (ASVS 3.5.1)."""

import pytest
from django.test import Client

from servicedesk.web.routes import routes
from tests.house.test_every_url_says_who_may import filled
from tests.security.wall.world import BACKEND, writes

pytestmark = pytest.mark.django_db
POSTED = [route for route in routes() if not route.pattern.startswith("/admin/") or route.pattern.count("/") < 4]

REFUSED = {"/api/": {401, 403}, "/acco": {403, 404}, "/hook": {404}}


@pytest.fixture
def browsers(cast) -> list[Client]:
    """Agent, supervisor, administrator and customer in browsers, CSRF checked as in production."""
    cast.mo.is_staff = cast.mo.is_superuser = True
    cast.mo.save()
    made = []
    for user in (cast.bo, cast.cy, cast.mo, cast.ada.user):
        made.append(Client(enforce_csrf_checks=True, raise_request_exception=False))
        made[-1].force_login(user, backend=BACKEND)
    return made


@pytest.mark.parametrize("route", POSTED, ids=lambda route: route.pattern)
def test_a_post_without_its_token_is_refused(route, browsers):
    before = writes()
    for browser in browsers:
        answer = browser.post(filled(route.pattern), {"reason": "forged", "once": "x"})
        assert answer.status_code in REFUSED.get(route.pattern[:5], {403}), route.pattern
        cross = browser.post(
            filled(route.pattern), {"csrfmiddlewaretoken": "a" * 64}, headers={"Origin": "https://evil.example"}
        )
        assert cross.status_code in {401, 403, 404}
    assert writes() == before


def test_the_token_of_the_page_opens_and_that_of_another_browser_does_not(browsers):
    bo, cy = browsers[:2]
    tokens = []
    for browser in (bo, cy):
        browser.get("/desk/")
        tokens.append(browser.cookies["csrftoken"].value)
    assert bo.post("/language/", {"language": "en", "csrfmiddlewaretoken": tokens[1]}).status_code == 403
    assert bo.post("/language/", {"language": "en", "csrfmiddlewaretoken": tokens[0]}).status_code == 303
