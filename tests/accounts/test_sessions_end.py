import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session

from accounts.signing_in import close_account
from tests.accounts.signing import HOME, sign_in, signed_in


def shift(client, **seconds):
    session = client.session
    for key, by in seconds.items():
        session[key] = session[key] - by
    session.save()


def test_a_person_signs_in_by_address_in_any_case(bo, client):
    assert sign_in(client, email="BO@desk.example").status_code == 302
    assert signed_in(client)


@pytest.mark.parametrize(("idle", "stays"), [(29 * 60, True), (30 * 60 + 5, False)])
def test_a_session_ends_after_thirty_idle_minutes(bo, client, idle, stays):
    sign_in(client)
    signed_in(client)
    shift(client, desk_seen=idle)
    assert signed_in(client) is stays


def test_live_fragments_do_not_keep_a_session_awake(bo, client):
    sign_in(client)
    signed_in(client)
    shift(client, desk_seen=29 * 60)
    seen = client.session["desk_seen"]
    client.get(HOME, headers={"X-Desk-Poll": "1"})
    assert client.session["desk_seen"] == seen


@pytest.mark.parametrize(("age", "stays"), [(12 * 3600 - 60, True), (12 * 3600 + 5, False)])
def test_a_session_ends_after_twelve_hours_however_busy(bo, client, age, stays):
    sign_in(client)
    signed_in(client)
    shift(client, desk_started=age)
    assert signed_in(client) is stays


def test_a_stranger_leaves_no_session_row(db, client):
    for path in ("/", "/accounts/login/", "/desk/", "/portal/", "/nothing-here/", "/livez"):
        client.get(path)
    assert not Session.objects.exists()


def test_signing_in_makes_a_new_session_id(bo, client):
    sign_in(client)
    first = client.session.session_key
    client.post("/accounts/logout/")
    sign_in(client)
    assert client.session.session_key != first and not Session.objects.filter(session_key=first).exists()


def test_switching_somebody_off_ends_every_session_at_once(bo, client):
    sign_in(client)
    assert signed_in(client)
    close_account(bo)
    assert not signed_in(client) and not Session.objects.exists()


def test_staff_without_a_second_factor_reach_only_its_set_up_page(bo, client, settings):
    settings.STAFF_MFA_REQUIRED = True
    sign_in(client)

    for path in ("/", "/desk/", "/supervisor/", "/admin/"):
        response = client.get(path)
        assert (response.status_code, response.url) == (302, "/accounts/2fa/totp/activate/")
    TOTP.activate(bo, generate_totp_secret())
    assert getattr(client.get("/desk/"), "url", "") != "/accounts/2fa/totp/activate/"


def test_a_customer_is_not_asked_for_a_second_factor(cast, client, settings):
    settings.STAFF_MFA_REQUIRED = True
    client.force_login(cast.ada.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert getattr(client.get("/portal/"), "url", "") != "/accounts/2fa/totp/activate/"
