import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from servicedesk.web.htmx import said, see_other, swap

WHOLE, PIECE = "tests/whole.html", "tests/piece.html"
LOADER = "django.template.loaders.locmem.Loader"


@pytest.fixture
def pages(settings):
    options = {"loaders": [(LOADER, {WHOLE: "whole {{ word }}", PIECE: "piece {{ word }}"})]}
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": options}]


def asked(**headers):
    return swap(RequestFactory().get("/", headers=headers), WHOLE, PIECE, {"word": "x"}, status=422)


def test_a_browser_gets_the_whole_page(pages):
    assert asked().content == b"whole x"


def test_htmx_gets_the_piece_it_will_swap_in(pages):
    assert asked(**{"HX-Request": "true"}).content == b"piece x"


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_a_boosted_link_and_restored_history_get_the_whole_page(pages, header):
    assert asked(**{"HX-Request": "true", header: "true"}).content == b"whole x"


def test_the_status_is_kept_and_caches_are_told_what_it_varies_by(pages):
    response = asked(**{"HX-Request": "true"})

    assert response.status_code == 422
    assert set(response.headers["Vary"].split(", ")) == {"HX-Request", "HX-Boosted", "HX-History-Restore-Request"}


def test_after_a_command_a_browser_follows_and_htmx_is_sent():
    plain = see_other(RequestFactory().post("/"), "/desk/")
    htmx = see_other(RequestFactory().post("/", headers={"HX-Request": "true"}), "/desk/")

    assert (plain.status_code, plain.headers["Location"]) == (303, "/desk/")
    assert (htmx.status_code, htmx.headers["HX-Redirect"]) == (200, "/desk/")


def test_what_a_command_did_is_said_in_the_browser():
    response = said(HttpResponse(), "Signed for", "SD-000123")

    assert json.loads(response.headers["HX-Trigger"]) == {"desk:said": {"title": "Signed for", "text": "SD-000123"}}
