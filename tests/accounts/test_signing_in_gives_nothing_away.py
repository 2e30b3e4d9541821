import re
from io import StringIO

from django.core.management import call_command

from ledger.models import OutboxMessage
from tests.accounts.counting import work
from tests.accounts.signing import PASSWORD, sign_in, signed_in


def test_five_wrong_passwords_stop_further_tries_for_that_address_only(bo, cast, client):
    for _ in range(5):
        sign_in(client, password="wrong-password-1")
    assert "Too many failed login attempts" in sign_in(client).content.decode()
    assert not signed_in(client)

    cast.cy.set_password(PASSWORD)
    cast.cy.save()
    assert sign_in(client, email="cy@desk.example").status_code == 302


def test_axes_locks_an_address_from_one_place_after_ten_failures(bo, client, settings):
    settings.AXES_ENABLED, settings.ACCOUNT_RATE_LIMITS = True, False
    for _ in range(10):
        sign_in(client, password="wrong-password-1")
    assert sign_in(client).status_code in {403, 429} and not signed_in(client)


def answer(client, path, email, **fields):
    response = client.post(path, {"login": email, "email": email} | fields)
    tokens = re.compile(r"[A-Za-z0-9]{64}|[A-Za-z0-9]{32}")
    return response.status_code, tokens.sub("", response.content.decode().replace(email, "X"))


def test_known_and_unknown_addresses_get_the_same_answer(bo, client):
    for path, fields in (("/accounts/login/", {"password": "wrong-password-1"}), ("/accounts/password/reset/", {})):
        known = answer(client, path, "bo@desk.example", **fields)
        assert known == answer(client, path, "no@desk.example", **fields)


def test_known_and_unknown_addresses_cost_one_hash_each(bo, client, settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.counting.CountingArgon2"]
    bo.set_password(PASSWORD)
    bo.save()
    for email in ("bo@desk.example", "no@desk.example"):
        work.clear()
        sign_in(client, email=email, password="wrong-password-1")
        assert len(work) == 1


def test_a_reset_mail_goes_through_the_outbox_to_the_known_address_only(bo, client):
    client.post("/accounts/password/reset/", {"email": "bo@desk.example"})
    assert [m.payload["to"] for m in OutboxMessage.objects.filter(topic="mail.account")] == ["bo@desk.example"]


def test_the_administrators_link_sets_a_password_once(db, client):
    out = StringIO()
    call_command("create_admin", "first@desk.example", name="First Admin", stdout=out)
    link = re.search(r"https?://[^/]+(/\S+)", out.getvalue()).group(1)

    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    done = client.post(form, {"password1": "Sunlit-harbour-42", "password2": "Sunlit-harbour-42"})

    assert done.status_code == 302
    assert sign_in(client, email="first@desk.example", password="Sunlit-harbour-42").status_code == 302
    client.post("/accounts/logout/")
    assert "no longer works" in client.get(link, follow=True).content.decode()
