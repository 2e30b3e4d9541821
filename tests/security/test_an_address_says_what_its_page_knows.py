"""Every page of desk, supervisor and portal answers 400 to a query parameter it does not know (security.md 1.3)."""

import pytest
from django.test import Client
from django.urls import resolve

from accounts.models.staff import Role
from servicedesk.web.routes import routes
from tests.house.test_every_url_says_who_may import filled
from tests.security.wall.world import BACKEND

pytestmark = pytest.mark.django_db
DOORS = ("/desk/", "/supervisor/", "/portal/")
PAGES = [route for route in routes() if route.pattern.startswith(DOORS)]
LISTS = [route for route in PAGES if not route.parameters]
OTHERS = "01890000-0000-7000-8000-000000000000"
FITTING = ["all", "mine", "wall", "solved", "promise", "1", "SD-000001", OTHERS, "coming", "open",
           "suspension", "signed", "2026-06-15"]  # fmt: skip
PICKED = {"after": "", "state": "l1", "priority": "P1", "kind": "fault", "q": "x", "organisation": OTHERS}


@pytest.fixture
def reader_of(cast, policies):
    """Return a client that may open a page: somebody with every role, or a customer."""

    def sign_in(pattern: str) -> Client:
        for role in Role.values:
            cast.cy.role_grants.get_or_create(role=role)
        client = Client()
        client.force_login(cast.ada.user if pattern.startswith("/portal/") else cast.cy, backend=BACKEND)
        return client

    return sign_in


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.pattern)
def test_an_unknown_parameter_is_refused_and_named(route, reader_of):
    answer = reader_of(route.pattern).get(filled(route.pattern), {"no_such_parameter": "1"})

    if answer.status_code == 405:
        assert not route.query
        return
    assert answer.status_code == 400
    assert "“no_such_parameter”" in answer.content.decode()


@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.pattern)
def test_a_list_takes_what_it_declares(route, reader_of):
    reader, path = reader_of(route.pattern), filled(route.pattern)
    shapes = getattr(resolve(path).func, "takes", {})
    own = {name: next(v for v in (PICKED.get(name, ""), *FITTING) if shape(v)) for name, shape in shapes.items()}

    answers = [reader.get(path), reader.get(path, own), reader.get(path, dict.fromkeys(own, ""))]

    assert [answer.status_code for answer in answers] in ([200, 200, 200], [405, 405, 405])


@pytest.mark.parametrize(
    "address",
    ["/desk/?view=theirs", "/desk/?view=all&view=mine", "/desk/inbox/?page=last", "/desk/my-day/?kind=all",
     "/desk/?state__in=closed", "/desk/?ordering=owner__password", "/supervisor/?region=nowhere",
     "/desk/customers/?q=x&account_team__user__password__startswith=a"],
)  # fmt: skip
def test_a_value_or_a_lookup_of_somebody_elses_making_is_refused(address, reader_of):
    assert reader_of(address).get(address).status_code == 400


@pytest.mark.parametrize("address", ["/portal/?view=everyones", "/portal/?after=1%20OR%201", "/portal/?restricted=1"])
def test_a_customer_cannot_ask_for_what_the_page_does_not_offer(address, reader_of):
    assert reader_of(address).get(address).status_code == 400
