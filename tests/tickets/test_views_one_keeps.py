"""Views of the queue: kept, shared with a team, changed and removed by their owner alone; each is a fact."""

import pytest

from ledger.models import Entry
from tests.refusals import refused
from tickets.commands.view import MOST, change_view, remove_view, save_view
from tickets.models import QueueView

pytestmark = pytest.mark.django_db
SEEN = {"view": "all", "filters": {"priority": ["P1"]}}


@pytest.fixture
def keep(cast, nine):
    def save(name="Key customers", actor=None, **more):
        return save_view(**({"name": name, "settings": SEEN, "actor": actor or cast.bo_actor, "at": nine} | more))

    return save


@pytest.mark.rule("A-01")
def test_a_view_is_its_owners_until_it_is_shared_with_a_team(cast, keep):
    own, shared = keep(), keep("Team's", team_id=cast.l1.pk)

    def seen(actor):
        return set(QueueView.objects.visible_to(actor))

    assert seen(cast.bo_actor) == {own, shared}
    assert seen(cast.cy_actor) == {shared}  # Cy is of that team, Sam is not
    assert seen(cast.sam_actor) == seen(cast.ada_actor) == set()


def test_keeping_changing_and_removing_are_facts_about_the_owner_without_the_name(cast, keep, nine):
    view = keep()
    change_view(view_id=view.pk, name="Others", settings=SEEN, actor=cast.bo_actor, at=nine, team_id=cast.l1.pk)
    assert QueueView.objects.get().name == "Others" and QueueView.objects.get().team == cast.l1
    remove_view(view_id=view.pk, actor=cast.bo_actor, at=nine)

    facts = Entry.objects.filter(chain=f"staff:{cast.bo.uuid}").order_by("seq")
    assert [fact.name for fact in facts] == ["view.saved", "view.changed", "view.removed"]
    assert not any("Key customers" in str(fact.data) for fact in facts)
    assert not QueueView.objects.exists()


def test_only_the_owner_changes_or_removes_a_view(cast, keep, nine):
    view = keep(team_id=cast.l1.pk)
    with refused("unknown_view"):
        change_view(view_id=view.pk, name="Mine", settings=SEEN, actor=cast.cy_actor, at=nine)
    with refused("unknown_view"):
        remove_view(view_id=view.pk, actor=cast.cy_actor, at=nine)


def test_a_view_is_refused_in_words(cast, keep):
    keep()
    with refused("known_name", "name"):
        keep(" Key  customers ")
    with refused("no_name", "name"):
        keep("  ")
    with refused("unknown_team", "team_id"):
        keep("Theirs", team_id=cast.l2.pk)
    with refused("bad_view"):
        keep("Wrong", settings={"view": "theirs"})
    with refused("bad_view"):
        keep("Wrong", settings={"view": "all", "owner__password": "x"})
    with refused("not_allowed"):
        keep("Customer's", actor=cast.ada_actor)
    assert QueueView.objects.count() == 1


def test_there_is_an_end_to_how_many_one_keeps(cast, keep):
    for n in range(MOST):
        keep(f"View {n}")
    with refused("too_many"):
        keep("One more")
