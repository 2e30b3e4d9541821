import pytest

from escalation.commands.compare import run_comparisons
from escalation.models import PolicyReading, PolicyVersion
from tests.factories.clocks import MINUTE
from tests.supervisor.policy_desk import HERE, KEY, typed

THERE = f"{HERE}comparison/"


@pytest.fixture
def ready(editor, nine):
    """Cy's browser with a draft that was simulated."""
    editor.post(f"{HERE}do/rule/", typed(editor, "T-4", length="90", unit="min"))
    editor.post(f"{HERE}do/compare/", {"version": 2})
    run_comparisons(at=nine + MINUTE)
    return editor


def ask(browser, user):
    return browser.post(f"{HERE}reading/ask/", {"version": 2, "reader": str(user.uuid)})


def test_a_draft_is_asked_about_read_and_published_from_the_pages(cast, ready, signed_in):
    reader = signed_in(cast.mo)
    page = ready.get(HERE).content.decode()
    assert "Ask a reader" in page and "Another person reads it first" in page

    assert ask(ready, cast.mo).status_code == 303
    assert "waits for a reader" in reader.get("/supervisor/policies/").content.decode()
    assert "Read what it changes" in reader.get(HERE).content.decode()
    assert "I have read it" in reader.get(THERE).content.decode()
    assert "I have read it" not in ready.get(THERE).content.decode()
    assert reader.post(f"{HERE}reading/read/", {"version": 2, "word": "Agreed"}).status_code == 303

    assert "“Agreed”" in ready.get(HERE).content.decode()
    assert ready.post(f"{HERE}do/publish/", {"version": 2, "note": "Earlier"}).status_code == 303
    assert "read by Mo Tan" in ready.get(f"{HERE}versions/", {"n": 2}).content.decode()
    assert "Cy Lindqvist, Mo Tan" in ready.get(HERE).content.decode()


def test_a_reader_declines_with_a_reason_and_the_editor_sees_it(cast, ready, signed_in):
    ask(ready, cast.mo)
    reader = signed_in(cast.mo)

    empty = reader.post(f"{HERE}reading/decline/", {"version": 2, "word": ""})
    assert (empty.status_code, PolicyReading.objects.get().state) == (422, "asked")
    reader.post(f"{HERE}reading/decline/", {"version": 2, "word": "Ask the night shift first"})

    assert "Mo Tan declined" in ready.get(HERE).content.decode()
    page = ready.get(THERE).content.decode()
    assert "Ask the night shift first" in page and "Ask to read it" in page
    assert ready.post(f"{HERE}do/publish/", {"version": 2, "note": "x"}).status_code == 422
    assert not PolicyVersion.objects.filter(policy__key=KEY, n=2).exists()


def test_what_a_reader_typed_is_kept_when_the_draft_was_changed_meanwhile(cast, ready, signed_in):
    ask(ready, cast.mo)
    ready.post(f"{HERE}do/rule/", typed(ready, "T-4", length="80", unit="min"))

    answer = signed_in(cast.mo).post(f"{HERE}reading/read/", {"version": 2, "word": "I looked at the nights"})

    assert answer.status_code == 422 and "I looked at the nights" in answer.content.decode()
    assert PolicyReading.objects.get().state == "asked"


@pytest.mark.parametrize("command", ["ask", "read", "decline"])
def test_an_agent_finds_no_reading(cast, ready, signed_in, command):
    assert signed_in(cast.bo).post(f"{HERE}reading/{command}/", {"version": 2}).status_code == 404


def test_the_pages_of_a_policy_that_waits_for_its_reader_ask_little(
    cast, ready, signed_in, django_assert_max_num_queries
):
    ask(ready, cast.mo)
    reader = signed_in(cast.mo)
    for browser in (ready, reader):
        for address in (HERE, THERE, "/supervisor/policies/"):
            browser.get(address)
            with django_assert_max_num_queries(15):
                assert browser.get(address).status_code == 200
