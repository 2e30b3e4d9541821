"""The queue's address is its state: filters as chips, columns, order, grouping; kept views bring it back."""

import pytest
from django.urls import reverse

from tests.desk.test_the_queue import numbers
from tickets.models import QueueView, Ticket

QUEUE, KEEP = "/desk/", "/desk/views/"


@pytest.fixture
def pair(path, now):
    """A P3 ticket in L1 and a P1 one, both of Northgate."""
    made = [path.to("l1"), path.to("l1")]
    Ticket.objects.filter(pk=made[1].pk).update(priority="P1", tags=["vip"], channel="email")
    now()
    return made


def keep(client, query: str, **more) -> QueueView:
    answer = client.post(KEEP, {"name": "Key customers", "state": query} | more)
    assert answer.status_code == 303, answer.content.decode()
    view = QueueView.objects.latest("pk")
    assert answer["Location"] == f"{QUEUE}?saved={view.uuid}"
    return view


@pytest.mark.rule("A-01")
def test_filters_stand_as_chips_each_of_which_leads_to_the_list_without_it(bo, pair):
    page = bo.get(f"{QUEUE}?view=all&priority=P1&priority=P2&tag=vip&channel=email")
    chips = {label: (value, rest) for label, value, rest in page.context["asked"].chips()}

    assert numbers(page.content.decode()) == [pair[1].number]
    assert chips["Priority"] == ("P1, P2", "view=all&channel=email&tag=vip")
    assert len(numbers(bo.get(f"{QUEUE}?view=all&priority=P1&priority=P3").content.decode())) == 2


def test_one_value_too_many_of_a_parameter_that_takes_one_is_refused(bo, pair):
    assert bo.get(f"{QUEUE}?order=due&order=newest").status_code == 400
    assert bo.get(f"{QUEUE}?quiet=7").status_code == bo.get(f"{QUEUE}?cols=password").status_code == 400


def test_columns_order_and_grouping_are_chosen(bo, pair):
    page = bo.get(f"{QUEUE}?view=all&cols=tags&cols=channel&group=priority&order=newest")
    text = page.content.decode()

    assert [str(column.label) for column in page.context["columns"]] == ["Tags", "Channel"]
    assert [group.name for group in page.context["groups"]] == ["P1", "P3"]
    assert '<td class="sd-hide-m">vip</td>' in text and "Grouped by: Priority" in text


def test_a_kept_view_brings_back_what_was_seen_and_says_when_it_was_changed(bo, pair):
    view = keep(bo, "view=all&priority=P1&group=team&cols=due&cols=tags")
    page = bo.get(f"{QUEUE}?saved={view.uuid}")

    assert numbers(page.content.decode()) == [pair[1].number]
    assert (page.context["asked"].group, page.context["asked"].columns) == ("team", ("due", "tags"))
    assert not page.context["asked"].changed
    changed = bo.get(f"{QUEUE}?saved={view.uuid}&view=all&priority=P3")
    assert changed.context["asked"].changed and "Changed, not saved" in changed.content.decode()
    assert numbers(changed.content.decode()) == [pair[0].number]


def test_a_view_shared_with_a_team_is_found_by_its_members_and_stays_narrowed_to_each(bo, agent_of, cast, pair):
    view = keep(bo, "view=all&owner=me", team=str(cast.l1.uuid))
    Ticket.objects.filter(pk=pair[0].pk).update(owner=cast.cy)
    address = f"{QUEUE}?saved={view.uuid}"

    assert numbers(agent_of(cast.cy).get(address).content.decode()) == [pair[0].number]
    assert numbers(bo.get(address).content.decode()) == [pair[1].number]
    stranger = agent_of(cast.sam).get(address)
    assert stranger.status_code == 200 and "That view is gone" in stranger.content.decode()
    assert "Key customers" not in stranger.content.decode()
    other = agent_of(cast.cy)
    for place in (f"{KEEP}{view.uuid}/", f"{KEEP}{view.uuid}/remove/"):
        assert other.post(place, {"name": "Taken"}).status_code == 404
    assert QueueView.objects.get().name == "Key customers"


def test_the_owner_changes_and_removes_a_view_and_nothing_typed_is_lost_when_refused(bo, pair):
    view, other = keep(bo, "view=all&priority=P1"), keep(bo, "view=mine", name="Other")
    place = reverse("desk:queue-view", args=[view.uuid])
    assert 'value="Key customers"' in bo.get(place).content.decode()

    refused = bo.post(place, {"name": "Other", "state": "view=all"})
    assert refused.status_code == 422 and "You keep a view of that name already" in refused.content.decode()
    assert 'value="Other"' in refused.content.decode()
    assert bo.post(place, {"name": "P3", "state": "view=all&priority=P3"}).status_code == 303
    assert QueueView.objects.get(pk=view.pk).settings["filters"] == {"priority": ["P3"]}
    assert bo.post(reverse("desk:queue-view-remove", args=[other.uuid])).status_code == 303
    assert list(QueueView.objects.all()) == [view]
    assert bo.post(KEEP, {"name": "Odd", "state": "owner__password=x"}).status_code == 400


def test_kept_views_are_counted_by_the_live_piece_and_then_known(bo, pair):
    view = keep(bo, "view=all&priority=P1")
    cold = bo.get(QUEUE)
    piece = bo.get(QUEUE, headers={"HX-Request": "true"}).content.decode()

    assert "data-live-first" in cold.content.decode() and cold.context["saved_counts"] == {}
    assert 'id="queue-tabs"' in piece and 'hx-swap-oob="true"' in piece and "data-live-first" not in piece
    assert bo.get(QUEUE).context["saved_counts"] == {str(view.uuid): 1}


def test_forms_of_filters_and_layout_carry_the_rest_of_the_address(bo, pair):
    query = "?view=all&priority=P1&order=newest&q=line"
    filters, layout = bo.get(f"/desk/filters/{query}"), bo.get(f"/desk/layout/{query}")

    assert filters.context["kept"] == [("view", "all"), ("order", "newest"), ("q", "line")]
    assert layout.context["kept"] == [("view", "all"), ("q", "line"), ("priority", "P1")]
    assert 'value="P1" id="id_priority_0" checked' in filters.content.decode()
