import re
from urllib.parse import unquote

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

PASSWORD = "correct-horse-battery"
pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, cast):
    cast.bo.set_password(PASSWORD)
    cast.bo.save()
    client.post("/accounts/login/", {"login": cast.bo.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def whole(response):
    html = response.content.decode()
    assert response.status_code == 200
    assert 'class="sd-login"' in html
    assert html.count("<h1") == 1
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", html)
    return html


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/password/change/",
        "/accounts/sessions/",
        "/accounts/logout/",
        "/accounts/email/",
        "/accounts/reauthenticate/",
    ],
)
def test_each_account_page_is_drawn_in_our_frame(signed_in, path):
    whole(signed_in.get(path))


def test_the_second_factor_is_set_up_shown_renewed_and_asked_for(signed_in, cast):
    page = whole(signed_in.get("/accounts/2fa/totp/activate/"))
    secret = re.search(r'sd-mono text-center">([A-Z2-7]+)<', page).group(1)
    assert "data:image/svg+xml" in unquote(page)

    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    signed_in.post("/accounts/2fa/totp/activate/", {"code": code})
    assert len(re.findall(r'sd-mono text-center">\d', whole(signed_in.get("/accounts/2fa/recovery-codes/")))) == 10
    whole(signed_in.get("/accounts/2fa/recovery-codes/generate/"))
    whole(signed_in.get("/accounts/2fa/totp/deactivate/"))
    whole(signed_in.get("/accounts/2fa/"))

    signed_in.logout()
    asked = signed_in.post("/accounts/login/", {"login": cast.bo.email, "password": PASSWORD}, follow=True)
    assert "Enter the six digits" in whole(asked)
