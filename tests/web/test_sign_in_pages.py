import re

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/inactive/"]
)
def test_a_page_before_sign_in_is_ours_and_acts_by_no_inline_script(client, path):
    html = client.get(path).content.decode()

    assert 'class="sd-login"' in html
    assert html.count("<h1") == 1
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=", html)


def test_nobody_signs_up_alone(client):
    html = client.get("/accounts/signup/").content.decode()

    assert "Accounts are made by invitation" in html
    assert 'type="password"' not in html


def test_a_wrong_password_is_said_above_the_form_and_the_address_stays(client):
    html = client.post(
        "/accounts/login/", {"login": "nobody@example.com", "password": "wrong-password-1"}
    ).content.decode()

    assert "data-refusal" in html
    assert 'value="nobody@example.com"' in html
    assert "wrong-password-1" not in html


def test_a_used_reset_link_says_so_and_offers_a_new_one(client):
    html = client.get("/accounts/password/reset/key/1-set-password/").content.decode()

    assert "This link no longer works" in html
    assert "/accounts/password/reset/" in html


def test_the_page_for_a_new_password_lets_the_browser_say_where_the_form_came_from(client):
    html = client.get("/accounts/password/reset/key/1-set-password/").content.decode()

    assert '<meta name="referrer" content="same-origin">' in html  # no-referrer sends "Origin: null": refused as forged


def test_anonymous_pages_make_no_session(client):
    from django.contrib.sessions.models import Session

    client.get("/accounts/login/?next=/desk/")

    assert not Session.objects.exists()
