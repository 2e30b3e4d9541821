"""As whom children run: never as root.

A normal user's children run as that user. Root's drop to `postgres`, else `nobody`. Where such an account cannot
read what it must run (a checkout or a Python under a 0700 home), the child runs in a user namespace: there it is
nobody, outside it owns root's files but holds none of root's powers.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from .words import Trouble

UNSHARE = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")


@dataclass(frozen=True)
class Identity:
    """The account of a child: `account` None means the launcher's own; `prefix` stands before its command."""

    account: pwd.struct_passwd | None = None
    prefix: tuple[str, ...] = ()
    powers: str = "own"
    kwargs: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the words for the screen."""
        own = pwd.getpwuid(os.geteuid()).pw_name if self.powers != "namespace" else "root without its powers"
        return self.account.pw_name if self.account else own

    def give(self, path: Path) -> None:
        """Hand `path` (not what it holds) to this account."""
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def run(self, command: Sequence[str | Path], **kwargs: Any) -> subprocess.CompletedProcess[Any]:
        """Run `command` as this account, keyword arguments as of subprocess.run."""
        return subprocess.run([*self.prefix, *command], **self.kwargs, **kwargs)

    def can(self, flag: str, path: Path) -> bool:
        """Tell whether this account may read (`-r`), write (`-w`) or execute and traverse (`-x`) the path."""
        test = shutil.which("test", path="/usr/bin:/bin") or "test"
        return self.run([test, flag, path], cwd="/").returncode == 0


def dropped(account: pwd.struct_passwd) -> Identity:
    """Return the identity of another account; only root may use it."""
    return Identity(
        account=account,
        powers="dropped",
        kwargs={"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []},
    )


@cache
def server_identity() -> Identity:
    """Return as whom PostgreSQL and Redis run: the caller, or for root an account without powers."""
    if os.geteuid() != 0:
        return Identity()
    for name in ("postgres", "nobody"):
        try:
            return dropped(pwd.getpwnam(name))
        except KeyError:
            continue
    raise Trouble("There is neither a postgres nor a nobody account to run as: create one, or start as a normal user.")


def app_identity(python: Path, root: Path) -> Identity:
    """Return as whom our own processes run: as the servers do, where that account can read Python and the code."""
    wanted = server_identity()
    if not wanted.account:
        return wanted
    if root_is_readable(wanted, root) and runs(wanted, python):
        return wanted
    namespace = Identity(prefix=UNSHARE, powers="namespace")
    if shutil.which(UNSHARE[0]) and runs(namespace, python):
        return namespace
    return Identity(powers="root")


def root_is_readable(who: Identity, root: Path) -> bool:
    """Tell whether the account may traverse the checkout and read its first file."""
    return who.can("-r", root / "servicedesk" / "launcher" / "paths.py")


def runs(who: Identity, python: Path) -> bool:
    """Tell whether the account can start this interpreter and import from its environment."""
    try:
        return who.run([python, "-I", "-c", "import django"], cwd="/", capture_output=True).returncode == 0
    except OSError:
        return False
