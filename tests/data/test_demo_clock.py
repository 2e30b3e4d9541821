"""Demonstration time moves by command and every reader follows."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from ledger import clock

pytestmark = pytest.mark.django_db


def run(capsys, *options: str) -> str:
    call_command("demo_clock", *options)
    return capsys.readouterr().out


def test_time_jumps_forward_and_back_to_the_machines(capsys):
    before = clock.now()
    assert "at speed 1" in run(capsys, "--advance", "10m")
    assert timedelta(minutes=10) <= clock.now() - before < timedelta(minutes=11)
    assert abs(clock.database_now() - clock.now()) < timedelta(seconds=2)
    assert "+0 s" in run(capsys, "--reset")
    assert clock.now() - before < timedelta(minutes=1)


def test_the_speed_is_kept_when_time_jumps(capsys):
    run(capsys, "--speed", "60")
    assert "at speed 60" in run(capsys, "--advance", "1h")
    assert clock.speed() == 60


@pytest.mark.parametrize("options", [["--advance", "10x"], ["--advance", "-5m"], ["--speed", "0"], ["--speed", "1e9"]])
def test_nonsense_is_answered_with_a_sentence(options):
    with pytest.raises(CommandError, match=r"\.$"):
        call_command("demo_clock", *[f"{options[0]}={options[1]}"])
