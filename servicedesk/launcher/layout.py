"""The data folder: what lies in it and who owns which part.

`pg/ redis/` belong to the servers' account, `desk/` (mail, media, static files, beat's shelf) to our processes',
the folder itself, the logs and the secrets to the launcher's, so that no child can lead the launcher astray.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from .identity import Identity, app_identity, server_identity
from .paths import ROOT, SYSTEM_DATA_DIR, venv_python
from .words import Trouble, say, warn


@dataclass(frozen=True)
class Layout:
    """The data folder, the part our processes write to, and as whom they run."""

    data: Path
    desk: Path
    who: Identity


def wanted_data_dir() -> Path:
    """Return DESK_DATA_DIR, else ./var, else for root whose child cannot come here the system's place."""
    if given := os.environ.get("DESK_DATA_DIR"):
        return Path(given).absolute()
    if server_identity().can("-x", ROOT):
        return ROOT / "var"
    say(f"{ROOT} is closed to {server_identity().name}, so the data goes to {SYSTEM_DATA_DIR}.")
    return SYSTEM_DATA_DIR


def ensure() -> Layout:
    """Make the folders and return them; raises Trouble where the servers' account cannot come in."""
    data = wanted_data_dir()
    try:
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o711)
        (data / "log").mkdir(exist_ok=True, mode=0o750)
    except OSError as error:
        raise Trouble(
            f"{data} cannot be written ({error.strerror}): set DESK_DATA_DIR to a folder of yours."
        ) from error
    if not server_identity().can("-x", data):
        raise Trouble(
            f"{data} is closed to {server_identity().name}, as whom the servers run:"
            " set DESK_DATA_DIR to another folder."
        )
    who = app_identity(venv_python(), ROOT)
    if who.powers == "namespace":
        say("This checkout or its Python is closed to other accounts: our processes run as root without its powers.")
    if who.powers == "root":
        warn(
            f"Our processes run as ROOT: {server_identity().name} cannot read {ROOT} or {venv_python()}."
            " Move the checkout to an open folder, or start as a normal user."
        )
    desk = data / "desk"
    desk.mkdir(exist_ok=True)
    hand_over(desk, who)
    desk.chmod(0o750)
    return Layout(data=data, desk=desk, who=who)


def hand_over(folder: Path, who: Identity) -> None:
    """Give a folder and what it holds to the account, where it is not so already (the account may have changed)."""
    if os.geteuid() != 0:
        return
    uid = who.account.pw_uid if who.account else 0
    gid = who.account.pw_gid if who.account else 0
    if folder.stat().st_uid == uid:
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, uid, gid, follow_symlinks=False)
