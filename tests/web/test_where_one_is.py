"""The side bar marks the one entry the page belongs to, or none; people see what they may open."""

import pytest

from servicedesk.web import navigation

EVERYONE = frozenset({"agent", "supervisor"})


def current(path: str, roles: frozenset[str] = EVERYONE) -> list[str]:
    shown = [link for _title, links in navigation.groups(roles=roles, path=path) for link in links]
    return [str(link.label) for link in shown if link.current]


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/desk/", ["Queue"]), ("/desk/tickets/SD-000034/", ["Queue"]), ("/desk/calls/new/", []), ("/desk/inbox/", []),
        ("/desk/my-day/", ["My day"]), ("/desk/my-day/calls/x/", ["My day"]), ("/desk/customers/x/", ["Customers"]),
        ("/supervisor/", ["Escalations"]), ("/supervisor/escalations/x/", ["Escalations"]),
        ("/supervisor/approvals/", ["Approvals"]), ("/supervisor/on-call/", ["On call"]),
        ("/supervisor/rosters/", ["On call"]),
    ],
)  # fmt: skip
def test_one_entry_is_current(path, entry):
    assert current(path) == entry


def test_approvers_find_their_page_and_agents_do_not_see_it():
    for role in ("approver_monitoring", "approver_service"):
        assert current("/supervisor/approvals/", frozenset({role})) == ["Approvals"]
    assert current("/supervisor/approvals/", frozenset({"agent"})) == []
