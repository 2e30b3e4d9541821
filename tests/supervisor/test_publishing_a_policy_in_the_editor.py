import pytest

from escalation.commands.compare import run_comparisons
from escalation.models import PolicyDraft, PolicyVersion
from tests.factories.clocks import MINUTE
from tests.factories.policies import read
from tests.supervisor.policy_desk import HERE, KEY, typed


@pytest.mark.rule("X-09")
def test_every_policy_is_listed_and_each_is_read_as_a_ladder(cast, rules, nine, desk_time, signed_in):
    desk_time(nine)
    client = signed_in(cast.mo)

    listed = client.get("/supervisor/policies/").content.decode()
    page = client.get("/supervisor/policies/priority_escalation/").content.decode()

    assert "Priority escalation" in listed and "version 1" in listed
    for words in ("F-2 CEO informed", "never later than 30 min after the start"):
        assert words in page
    assert "Edit as a draft" not in page
    assert signed_in(cast.bo).get("/supervisor/policies/").status_code == 404


def test_a_draft_is_simulated_published_and_kept_in_the_history(cast, editor, nine):
    editor.post(f"{HERE}do/rule/", typed(editor, "T-4", length="90", unit="min"))
    assert editor.post(f"{HERE}do/publish/", {"version": 2, "note": "Earlier"}).status_code == 422

    seen = editor.post(f"{HERE}do/compare/", {"version": 2})
    assert seen.status_code == 303 and editor.get(seen.headers["Location"]).status_code == 200
    assert editor.post(f"{HERE}do/publish/", {"version": 2, "note": "Earlier"}).status_code == 422
    run_comparisons(at=nine + MINUTE)
    assert editor.post(f"{HERE}do/publish/", {"version": 2, "note": "Earlier"}).status_code == 422
    read(KEY, cast.cy_actor, nine + MINUTE)
    answer = editor.post(f"{HERE}do/publish/", {"version": 2, "note": "Earlier"})

    assert answer.status_code == 303
    version = PolicyVersion.objects.get(policy__key=KEY, n=2)
    assert (version.note, version.published_by) == ("Earlier", cast.cy)
    page = editor.get(f"{HERE}versions/", {"n": 2}).content.decode()
    assert "From version 1 to 2" in page and "2 h 00" in page and "1 h 30" in page
    lines = editor.get(f"{HERE}rules.csv").content.decode().splitlines()
    assert len(lines) == 7 and '"T-4"' in lines[5] and '"5400"' in lines[5]


@pytest.mark.parametrize("who", ["bo", "mo"])
def test_who_may_not_write_policies_finds_no_command(cast, rules, nine, desk_time, signed_in, who):
    desk_time(nine)

    answer = signed_in(getattr(cast, who)).post(f"{HERE}do/begin/", {})

    assert answer.status_code == 404 and not PolicyDraft.objects.exists()


def test_a_policy_or_a_version_that_does_not_exist_is_not_found(editor):
    for address in ("/supervisor/policies/none/", f"{HERE}versions/?n=9", f"{HERE}rules.csv?n=9",
                    "/supervisor/policies/response/comparison/"):  # fmt: skip
        assert editor.get(address).status_code == 404


def test_a_version_enforced_later_is_shown_as_such_until_then(cast, editor, nine, desk_time):
    editor.post(f"{HERE}do/rule/", typed(editor, "T-4", length="90", unit="min"))
    editor.post(f"{HERE}do/compare/", {"version": 2})
    run_comparisons(at=nine + MINUTE)
    read(KEY, cast.cy_actor, nine + MINUTE)
    said = {"version": 2, "note": "From noon", "enforce_from": "2026-06-15T12:00"}

    assert editor.post(f"{HERE}do/publish/", said).status_code == 303

    assert "in force later" in editor.get(HERE).content.decode()
    desk_time(nine + 181 * MINUTE)
    assert "in force later" not in editor.get(HERE).content.decode()
