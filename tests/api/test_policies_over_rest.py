import pytest

from catalogue.models import Calendar
from escalation.commands.compare import run_comparisons
from escalation.models import Clock, Policy, PolicyDraft, PolicyVersion
from escalation.shapes import POLICY_FIELDS
from ledger import clock
from tests.api.conftest import ALL, Integration, token
from tests.factories.clocks import dispatched_ticket
from tests.factories.policies import read

KEY = "fault_handling"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def editor(cast, policies) -> Integration:
    return Integration(token("editor", [*ALL, "policies:write"]))


@pytest.fixture
def here(policies) -> str:
    return f"policies/{Policy.objects.get(key=KEY).uuid}"


def in_person(user) -> Integration:
    """A browser session that speaks JSON."""
    person = Integration("")
    person.http.force_login(user, backend=BACKEND)
    person._headers = lambda extra: extra or {}
    return person


def body_of(editor: Integration, here: str, **rule) -> dict:
    """The version in force as a draft's body, with T-4 changed."""
    current = editor.get(f"{here}/").json()["current"]
    rules = [one | rule if one["code"] == "T-4" else one for one in current["rules"]]
    return {name: current[name] for name in POLICY_FIELDS if name in current} | {"rules": rules}


def test_versions_are_read_with_every_word_of_their_rules(integration, here):
    rows = integration.get(f"{here}/versions/").json()

    assert [row["n"] for row in rows] == [1]
    rule = next(rule for rule in rows[0]["rules"] if rule["code"] == "T-3")
    assert (rule["repeat_s"], rule["pausable"], rule["unit"], rule["restart_on"]) == (1800, True, "s", ["progress"])


def test_a_draft_is_saved_simulated_read_and_published(cast, editor, here):
    first = editor.post(f"{here}/draft/", body_of(editor, here, offset_s=5400))
    assert (first.status_code, first.headers["ETag"], first.json()["problems"]) == (200, '"1"', [])

    early = editor.post(f"{here}/publish/", {"note": "Earlier"}, If_Match='"1"')
    assert (early.status_code, early.json()["code"]) == (422, "not_compared")
    asked = editor.post(f"{here}/compare/", If_Match='"1"')
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    run_comparisons(at=clock.now())
    assert editor.get(f"{here}/comparison/").json()["state"] == "done"
    assert editor.post(f"{here}/publish/", {"note": "Earlier"}, If_Match='"1"').json()["code"] == "not_read"
    asked = editor.post(f"{here}/ask-reading/", {"reader": str(cast.mo.uuid)}, If_Match='"1"').json()
    assert (asked["state"], asked["reader"]["name"]) == ("asked", cast.mo.name)
    own = editor.post(f"{here}/read/", {"word": "Seen"}, If_Match='"1"')
    assert (own.status_code, own.json()["code"]) == (403, "not_allowed")
    said = in_person(cast.mo).post(f"{here}/read/", {"word": "Compared"}, If_Match='"1"').json()
    assert (said["state"], said["answered_by"]["name"]) == ("read", cast.mo.name)
    assert editor.get(f"{here}/draft/").json()["ready"] is True
    done = editor.post(f"{here}/publish/", {"note": "Earlier"}, If_Match='"1"', Idempotency_Key="k1")
    again = editor.post(f"{here}/publish/", {"note": "Earlier"}, If_Match='"1"', Idempotency_Key="k1")

    assert (done.status_code, done.json()["current"]["n"], done.json()["current"]["note"]) == (200, 2, "Earlier")
    assert again.json() == done.json() and PolicyVersion.objects.filter(policy__key=KEY).count() == 2
    assert editor.get(f"{here}/draft/").status_code == 404


def test_an_older_draft_is_refused_with_the_one_that_stands(editor, here):
    body = body_of(editor, here, offset_s=5400)
    editor.post(f"{here}/draft/", body)
    editor.post(f"{here}/draft/", body | {"on_entitlement_calendar": ["P4"]}, If_Match='"1"')

    stale = editor.post(f"{here}/draft/", body, If_Match='"1"')
    without = editor.post(f"{here}/draft/", body)

    assert (stale.status_code, without.status_code) == (412, 412)
    assert stale.json()["version"] == 2 and stale.json()["shape"]["on_entitlement_calendar"] == ["P4"]


def test_what_cannot_work_is_listed_and_not_published(editor, here):
    saved = editor.post(f"{here}/draft/", body_of(editor, here, targets=["emperor"]))

    assert [one["rule"] for one in saved.json()["problems"]] == ["T-4"] and saved.json()["ready"] is False
    assert editor.post(f"{here}/compare/", If_Match='"1"').json()["code"] == "cannot_work"


@pytest.mark.parametrize("spoilt", [{"offset_s": "soon"}, {"when": {"a": "\x00"}}, {"colour": "red"}])
def test_a_wrong_shape_is_400_and_nothing_is_kept(editor, here, spoilt):
    assert editor.post(f"{here}/draft/", body_of(editor, here, **spoilt)).status_code == 400
    assert not PolicyDraft.objects.exists()


def test_running_clocks_are_moved_and_the_policy_retired(cast, nine, editor, here):
    dispatched_ticket(cast, nine)
    editor.post(f"{here}/draft/", body_of(editor, here, offset_s=5400))
    editor.post(f"{here}/compare/", If_Match='"1"')
    run_comparisons(at=clock.now())
    read(KEY, cast.cy_actor, nine)
    editor.post(f"{here}/publish/", {"note": "Earlier"}, If_Match='"1"')

    begun = editor.post(f"{here}/move/", {"n": 2, "fire": []})
    assert (begun.status_code, begun.json()["total"]) == (200, 1)
    assert [row["n"] for row in editor.get(f"{here}/moves/").json()] == [2]
    assert editor.post(f"{here}/retire/", {"reason": "Replaced"}).json()["current"] is None
    assert Clock.objects.get(kind=KEY).state == "running"


def test_a_policy_is_begun_as_a_copy_with_its_own_conditions_and_told_by_a_calendar_of_its_own(editor, policies):
    week = Calendar.objects.filter(round_the_clock=False).first() or Calendar.objects.create(name="Week")

    made = editor.post("policies/", {"name": "Night reports", "copy_of": "fault_report",
                                     "conditions": {"starts_on": "resolved", "region": ["au"]}})  # fmt: skip
    assert (made.status_code, made.json()["key"], made.json()["current"]) == (201, "night_reports", None)
    draft = f"policies/{made.json()['id']}/draft"
    shape = editor.get(f"{draft}/").json()["shape"]
    rules = [rule | {"calendar": str(week.uuid)} for rule in shape["rules"]]
    kept = editor.post(f"{draft}/", {"conditions": shape["conditions"], "rules": rules}, If_Match='"1"').json()

    assert shape["conditions"] == {"starts_on": "resolved", "region": ["au"]}
    assert {rule["calendar"] for rule in kept["shape"]["rules"]} == {str(week.uuid)} and kept["problems"] == []
    again = editor.post("policies/", {"name": "Night reports", "subject": "escalation"})
    assert (again.status_code, again.json()["code"], again.json()["field"]) == (422, "name_taken", "name")


@pytest.mark.parametrize(
    "command",
    [
        "draft",
        "discard-draft",
        "compare",
        "stop-comparison",
        "ask-reading",
        "decline-reading",
        "publish",
        "retire",
        "move",
    ],  # fmt: skip
)
def test_a_token_without_the_scope_changes_nothing(integration, bound, here, command):
    assert integration.post(f"{here}/{command}/", {}, If_Match='"1"').status_code == 403
    assert bound.post(f"{here}/{command}/", {}, If_Match='"1"').status_code == 403


def test_a_bound_token_with_the_scope_finds_no_policy(cast, here):
    far = Integration(token("far", [*ALL, "policies:write"], organisation=cast.other))

    assert (far.get(f"{here}/").status_code, far.post(f"{here}/retire/", {"reason": "x"}).status_code) == (404, 404)
