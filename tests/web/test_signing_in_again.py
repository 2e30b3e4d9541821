import copy
import tempfile
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct-horse-battery"
PAGE = (
    '{% extends "layouts/desk.html" %}{% block main %}'
    '<form hx-post="/stage/note/" hx-target="#out" method="post">{% csrf_token %}'
    '<textarea name="text" aria-label="Note"></textarea><button>Add</button></form><p id="out"></p>{% endblock %}'
)


@pytest.fixture
def staged(settings, live_server, cast):
    folder = tempfile.mkdtemp()
    (Path(folder) / "stage_note.html").write_text(PAGE)
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(folder)
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.web.stage_urls"
    cast.bo.set_password(PASSWORD)
    cast.bo.save()
    return live_server.url, cast.bo.email


def sign_in(page, email):
    page.get_by_label("Work e-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_the_page_stays_and_its_form_is_accepted_with_the_new_token(chromium_browser, staged):
    address, email = staged
    context = chromium_browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/accounts/login/?next=/stage/")
    sign_in(page, email)
    page.wait_for_url("**/stage/")
    page.get_by_label("Note").fill("half a sentence")
    before = page.locator("body").get_attribute("hx-headers:inherited")
    Session.objects.all().delete()

    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("dialog", name="Your session has ended")).to_be_visible()
    dialog = page.locator("#session-ended")
    dialog.get_by_role("textbox").first.fill(email)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Note")).to_have_value("half a sentence")
    page.get_by_role("button", name="Add").click()

    expect(page.locator("#out")).to_have_text("added 15")
    assert page.locator("body").get_attribute("hx-headers:inherited") != before
    context.close()
