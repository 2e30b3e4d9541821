import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from ledger.actor import Actor
from servicedesk.web import navigation
from servicedesk.web.component_sheet import sample
from servicedesk.web.errors import server_error

AGENT = Actor(kind="staff", ref="x", name="Bo Agent", roles=frozenset({"agent"}))


def request_of(actor, **cookies):
    request = RequestFactory().get("/somewhere/")
    request.actor, request.COOKIES = actor, cookies
    return request


@pytest.mark.django_db
def test_the_sheet_of_components_draws_every_component():
    html = render_to_string("dev/components.html", sample(), request=request_of(AGENT))

    for mark in (
        "sd-clock-row",
        "sd-next",
        "sd-gate",
        "sd-work",
        "sd-ev",
        "sd-track",
        "sd-figures",
        "sd-svg",
        "sd-dialog",
    ):
        assert mark in html
    assert not re.search(r'id="([^"]+)"(?=.*id="\1")', html, re.S)


@pytest.mark.django_db
def test_the_theme_is_the_one_chosen_and_nothing_else_a_cookie_says():
    chosen = render_to_string("dev/components.html", sample(), request=request_of(AGENT, desk_theme="dark"))
    forged = render_to_string("dev/components.html", sample(), request=request_of(AGENT, desk_theme='"><script>'))

    assert 'data-bs-theme="dark"' in chosen
    assert 'data-bs-theme="light"' in forged


@pytest.mark.django_db
def test_the_frame_has_its_landmarks_and_one_live_region():
    html = render_to_string("dev/components.html", sample(), request=request_of(AGENT))

    assert html.count("<main") == 1
    assert html.count('id="say"') == 1
    assert html.count("<h1") == 1
    assert "hx-headers:inherited='{&quot;X-CSRFToken&quot;:" in html
    assert 'href="#main"' in html


def test_the_page_of_a_failure_needs_no_database_and_names_nobody():
    response = server_error(request_of(AGENT))

    assert response.status_code == 500
    assert b"Bo Agent" not in response.content
    assert b"Something failed on our side" in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["400", "403", "404", "csrf", "503"])
def test_every_error_page_draws_for_strangers_and_for_staff(page):
    for actor in (None, AGENT):
        html = render_to_string(f"errors/{page}.html", {}, request=request_of(actor))

        assert html.count("<h1") == 1
        assert 'href="/"' in html


def test_a_link_without_an_address_is_not_offered(settings):
    there = navigation.Entry(label="Sign in", icon="key", url_name="account_login")
    missing = navigation.Entry(label="Nowhere", icon="x", url_name="desk:no-such-page")

    links = navigation.links([there, missing], roles=frozenset(), path="/accounts/login/")

    assert [(link.label, link.current) for link in links] == [("Sign in", True)]
    with pytest.raises(NoReverseMatch):
        reverse("desk:no-such-page")


def test_a_link_for_another_role_is_not_offered():
    entry = navigation.Entry(label="x", icon="x", url_name="account_login", roles=frozenset({"administrator"}))

    assert navigation.links([entry], roles=frozenset({"agent"}), path="/") == []
    assert len(navigation.links([entry], roles=frozenset({"administrator"}), path="/")) == 1
