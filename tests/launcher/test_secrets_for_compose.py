import pytest

from servicedesk.launcher import dotenv
from servicedesk.launcher.paths import ROOT
from servicedesk.launcher.words import Trouble


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / ".env.example").write_text((ROOT / ".env.example").read_text())
    monkeypatch.setattr(dotenv, "ROOT", tmp_path)
    return tmp_path


def read(path):
    """Return the variables of an .env file."""
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and line[0] != "#")
    return dict(pairs)


def test_every_secret_is_filled_and_each_is_different(folder):
    dotenv.write()

    made = read(folder / ".env")
    assert all(len(made[name]) >= 40 for name in dotenv.MADE)
    assert len({made[name] for name in dotenv.MADE}) == len(dotenv.MADE)
    assert (folder / ".env").stat().st_mode & 0o777 == 0o600


def test_the_example_in_the_repository_holds_no_secret():
    example = read(ROOT / ".env.example")

    assert {name: example[name] for name in dotenv.MADE} == dict.fromkeys(dotenv.MADE, "")


def test_an_existing_file_is_never_overwritten(folder):
    (folder / ".env").write_text("mine\n")

    with pytest.raises(Trouble, match="exists already"):
        dotenv.write()

    assert (folder / ".env").read_text() == "mine\n"
