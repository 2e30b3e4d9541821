import csv
import gzip
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from tickets.replay_map import LogEvent, Step, cases_of, plan_case
from tickets.words import Cause, Channel, Kind, Resolution, SuspensionReason, Tier

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("DESK_SHARED_DATA") or CHECKOUT.parent / "shared" / "data")
LOG = SHARED / "incidents-2013.csv.gz"
SHORT = {
    "log begin_verification verify triage": "OPEN",
    "request_suspension consent approve approve": "SUSPEND",
}
ROW = re.compile(
    r"^\| (?P<activity>\w+\+[^|]+?) \| [^|]+ \| `(?P<commands>[^`]+)` \| (?P<count>[\d,]+) \|$", re.MULTILINE
)

Planned = list[tuple[list[LogEvent], list[Step]]]


@pytest.fixture(scope="module")
def planned() -> Planned:
    if not LOG.exists():
        pytest.skip("the incident log is not beside the checkout")
    with gzip.open(LOG, "rt", newline="", encoding="utf-8") as rows:
        return [(events, list(plan_case(events))) for events in cases_of(csv.DictReader(rows))]


def readings(planned: Planned) -> Counter[tuple[str, str]]:
    """How often each activity became which commands, in the table's words."""
    found: Counter[tuple[str, str]] = Counter()
    for events, steps in planned:
        by_row: dict[int, list[str]] = {event.row: [] for event in events}
        for step in steps:
            by_row[step.source_row].append(step.command)
        for event in events:
            words = " ".join(by_row[event.row])
            for long, short in SHORT.items():
                words = words.replace(long, short)
            found[event.activity, words] += 1
    return found


def test_every_event_of_the_log_becomes_at_least_one_command(planned: Planned) -> None:
    found = readings(planned)

    assert len(planned) == 7_554
    assert found.total() == 65_533
    assert not [activity for activity, words in found if not words]


def test_at_most_sixty_percent_of_the_events_are_mere_progress(planned: Planned) -> None:
    found = readings(planned)

    mere = sum(count for (_, words), count in found.items() if words == "add_progress")

    assert 0 < mere <= 0.6 * found.total()


def test_the_documented_table_holds_the_counts_of_the_log(planned: Planned) -> None:
    text = (CHECKOUT / "docs" / "replay.md").read_text(encoding="utf-8")

    documented = {(row["activity"], row["commands"]): int(row["count"].replace(",", "")) for row in ROW.finditer(text)}

    assert documented == dict(readings(planned))


def test_the_steps_of_a_case_keep_the_order_and_the_time_of_its_events(planned: Planned) -> None:
    for events, steps in planned:
        at = {event.row: event.at for event in events}
        assert [step.source_row for step in steps] == sorted(step.source_row for step in steps)
        assert all(step.at_utc == at[step.source_row] for step in steps)


def test_every_wait_is_ended_before_the_next_begins(planned: Planned) -> None:
    for _, steps in planned:
        waits = [step.command for step in steps if step.command in ("request_suspension", "resume")]
        assert waits[::2] == ["request_suspension"] * len(waits[::2])
        assert waits[1::2] == ["resume"] * len(waits[1::2])


def test_planning_a_case_twice_gives_the_same_steps(planned: Planned) -> None:
    for events, steps in planned[:300]:
        assert list(plan_case(events)) == steps


def test_the_steps_speak_the_words_of_a_ticket(planned: Planned) -> None:
    words = {
        ("log", "channel"): Channel.values,
        ("log", "kind"): Kind.values,
        ("triage", "tier"): Tier.values,
        ("escalate_tier", "tier"): Tier.values,
        ("return_tier", "tier"): Tier.values,
        ("request_suspension", "reason"): SuspensionReason.values,
        ("resolve", "code"): Resolution.values,
        ("resolve", "cause"): Cause.values,
    }

    used = {((step.command, key), word) for _, steps in planned for step in steps for key, word in step.params.items()}

    assert not {(place, word) for place, word in used if place in words and word not in words[place]}
    assert words.keys() <= {place for place, _ in used}
