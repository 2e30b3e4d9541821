"""The pages of who is on call, light and dark, on a desk and on a phone; an override and a swap by keyboard alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Absence, RoleGrant
from escalation.commands.absence import plan_absence
from escalation.commands.roster import override
from escalation.commands.roster_swap import ask_swap
from escalation.models import RosterOverride, RosterSwap
from tests.browser.conftest import looks_right
from tests.factories.rosters import DAY, HOUR, duty_roster, join, week_layer
from tests.short import some

SHIFTS = [("APAC day", "Australia/Melbourne", "07:00", "17:30"), ("EMEA early", "Europe/Dublin", "06:00", "14:30"),
          ("Americas", "America/New_York", "08:30", "14:30"),
          ("Pacific", "America/Vancouver", "11:00", "15:00")]  # fmt: skip


@pytest.fixture
def floor(path, nine):
    """Four shifts that follow the sun, a team by weeks with a gap on Sundays, an override and a swap asked."""
    cast, since = path.cast, nine - 8 * DAY
    people = [cast.mo, cast.sam, cast.bo, cast.cy]
    duty = duty_roster(cast, since, *people, zone="Australia/Melbourne")
    for user, (name, zone, opens, closes) in zip(people, SHIFTS, strict=True):
        windows = [{"weekday": day, "from": opens, "to": closes} for day in range(7)]
        week_layer(duty, cast, since, user, name=name, time_zone=zone, windows=windows)
    join(cast.l2, cast.bo)
    role = f"team:{cast.l2.uuid}"
    team = duty_roster(cast, since, role=role, name="Data L2", zone="Australia/Perth")
    windows = [{"weekday": day, "from": "00:00", "to": "00:00"} for day in range(6)]
    week_layer(team, cast, since, cast.sam, cast.bo, windows=windows)
    override(role=role, user_id=cast.bo.pk, from_at=nine + DAY, to_at=nine + DAY + 6 * HOUR, reason="Leave",
             actor=cast.cy_actor, at=nine)  # fmt: skip
    ask_swap(roster_id=team.pk, other_id=cast.sam.pk, from_at=nine + 2 * DAY, to_at=nine + 3 * DAY,
             actor=cast.bo_actor, at=nine)  # fmt: skip
    plan_absence(user_id=cast.sam.pk, from_at=nine + 3 * DAY, to_at=nine + 4 * DAY, reason="Leave", accept_turns=True,
                 actor=cast.sam_actor, at=nine)  # fmt: skip
    RoleGrant.objects.create(user=cast.cy, role="administrator")
    return team


@pytest.mark.parametrize(("width", "dark"), some([(1440, False), (1440, True), (390, False)], __name__, 1))
def test_rosters_hold_in_every_shape(sign_in, path, floor, width, dark):
    addresses = {
        "rosters": reverse("supervisor:rosters") + "?ask=2026-06-21T03:15",
        "roster": reverse("supervisor:roster", args=[floor.uuid]) + "?layer=Weeks",
        "roster-new": reverse("supervisor:roster-new"),
        "roster-coverage": reverse("supervisor:roster-coverage"),
        "roster-override-remove": reverse(
            "supervisor:roster-override-remove", args=[RosterOverride.objects.first().uuid]
        ),
        "my-on-call": reverse("desk:my-on-call"),
        "absences": reverse("desk:absences"),
        "absence": reverse("desk:absence", args=[Absence.objects.get().uuid]),
        "people": reverse("supervisor:people"),
        "leaving": reverse("supervisor:leaving", args=[path.cast.sam.uuid]),
        "teams": reverse("supervisor:teams"),
    }
    page = sign_in(path.cast.cy, width=width, dark=dark)
    for name, address in addresses.items():
        page.goto(page.base + address)
        page.wait_for_selector("html[data-ready]")
        sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        looks_right(page, f"{name}-{width}{'-dark' if dark else ''}")
        assert not sideways, f"{name} scrolls sideways at {width}"


def test_a_gap_is_filled_and_a_swap_accepted_by_keyboard(sign_in, path, floor, nine):
    page = sign_in(path.cast.cy)
    page.goto(page.base + reverse("supervisor:rosters"))
    page.locator("#gaps a", has_text="Fill").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready]")
    form = page.locator("#over")
    form.get_by_label("Who takes it").select_option(label="Sam Okafor")
    sunday = nine + 6 * DAY
    form.get_by_label("From").fill(f"{sunday:%Y-%m-%dT00:00}")
    form.get_by_label("To", exact=True).fill(f"{sunday + timedelta(days=1):%Y-%m-%dT00:00}")
    form.get_by_label("Reason").fill("Closes the gap")
    form.get_by_label("Reason").press("Enter")
    page.get_by_role("region", name="Messages").get_by_text("Override saved").wait_for()
    assert RosterOverride.objects.filter(user=path.cast.sam).count() == 1

    other = sign_in(path.cast.sam)
    other.goto(other.base + reverse("desk:my-on-call"))
    other.get_by_role("button", name="Accept").focus()
    other.keyboard.press("Enter")
    other.get_by_role("region", name="Messages").get_by_text("You take these hours").wait_for()
    assert RosterSwap.objects.get().state == "accepted"
