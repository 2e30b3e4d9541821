import pytest

from escalation.commands.compare import run_comparisons
from escalation.models import Policy, PolicyComparison, PolicyDraft
from tests.factories.clocks import MINUTE
from tests.factories.policies import read
from tests.supervisor.policy_desk import HERE, KEY, typed

NEW = "/supervisor/policies/new/"


@pytest.fixture
def desk(cast, rules, nine, desk_time, signed_in):
    desk_time(nine)
    return signed_in(cast.cy)


def test_an_empty_policy_is_begun_and_its_first_rule_asked_for(desk):
    asked = {"name": "Night faults", "key": "night_faults", "subject": "ticket", "starts_on": "logged"}

    answer = desk.post(NEW, asked)

    assert answer.status_code == 303
    page = desk.get(answer.headers["Location"]).content.decode()
    assert "Night faults" in page and "New rule" in page and "A policy without rules calls nobody." in page
    assert PolicyDraft.objects.get().shape["conditions"] == {"starts_on": "logged"}
    listed = desk.get("/supervisor/policies/").content.decode()
    assert "not published yet" in listed and 'href="/supervisor/policies/new/"' in listed


def test_a_copy_shows_the_rules_copied_and_goes_again_with_its_draft(desk):
    offered = desk.get(NEW, {"copy": "duty_manager"})
    assert offered.context["form"]["copy_of"].value() == "duty_manager"

    answer = desk.post(NEW, {"name": "Duty manager, nights", "copy_of": "duty_manager"})
    here = "/supervisor/policies/duty_manager_nights/"
    assert answer.headers["Location"] == here and "D-1D" in desk.get(here).content.decode()

    gone = desk.post(f"{here}do/discard/", {"version": 1})
    assert gone.headers["Location"] == "/supervisor/policies/"
    assert desk.get(here).status_code == 404 and not Policy.objects.filter(key="duty_manager_nights").exists()


def test_what_is_refused_is_said_beside_its_field_and_nothing_typed_is_lost(desk):
    answer = desk.post(NEW, {"name": "Duty manager", "key": "mine", "subject": "escalation"})
    page = answer.content.decode()

    assert answer.status_code == 422 and 'value="mine"' in page
    assert "Another policy has this name. Choose one that tells them apart." in page
    assert desk.get(NEW, {"from": "x"}).status_code == 400


def test_the_comparison_runs_beside_the_page_says_how_far_it_is_and_may_be_stopped(cast, editor, nine):
    editor.post(f"{HERE}do/rule/", typed(editor, "T-4", length="90", unit="min"))
    there = editor.post(f"{HERE}do/compare/", {"version": 2}).headers["Location"]
    PolicyComparison.objects.update(state="running", attempts=1, done=40, total=100)

    piece = editor.get(there, headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith('<section class="sd-sec" id="comparison" hx-get=')
    assert "40 of 100 cases" in piece and 'max="100" value="40"' in piece
    assert (
        "40 of 100 cases" in editor.get(HERE).content.decode()
        and "Simulation runs" in editor.get(HERE).content.decode()
    )

    editor.post(f"{HERE}do/stop-comparison/", {"version": 2})
    assert "The simulation was stopped" in editor.get(there).content.decode()
    assert editor.post(f"{HERE}do/publish/", {"version": 2, "note": "Earlier"}).status_code == 422
    editor.post(f"{HERE}do/compare/", {"version": 2})
    run_comparisons(at=nine + 2 * MINUTE)

    done = editor.get(there, headers={"HX-Request": "true"}).content.decode()
    assert "run by both versions" in done and "hx-get" not in done
    read(KEY, cast.cy_actor, nine + MINUTE)
    assert editor.post(f"{HERE}do/publish/", {"version": 2, "note": "Earlier"}).status_code == 303


def test_a_comparison_that_failed_says_so_and_is_run_again_from_its_page(editor):
    editor.post(f"{HERE}do/rule/", typed(editor, "T-4", length="90", unit="min"))
    there = editor.post(f"{HERE}do/compare/", {"version": 2}).headers["Location"]
    PolicyComparison.objects.update(state="failed")

    page = editor.get(there).content.decode()

    assert "The simulation failed" in page and "Simulate again" in page


def test_the_pages_of_a_policy_ask_a_bounded_number_of_questions(editor, django_assert_max_num_queries):
    editor.post(f"{HERE}do/rule/", typed(editor, "T-4", length="90", unit="min"))
    pages = {HERE: 15, f"{HERE}comparison/": 15, NEW: 6, "/supervisor/policies/": 9}
    for address, most in pages.items():
        editor.get(address)
        with django_assert_max_num_queries(most):
            editor.get(address, headers={"HX-Request": "true"})
