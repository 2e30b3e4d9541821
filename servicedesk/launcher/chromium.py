"""The browser of the browser tests: found, or installed where we may, never silently missing."""

import os
import shutil
import subprocess
from pathlib import Path

from .words import Trouble, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
APT = ["apt-get", "-o", "DPkg::Lock::Timeout=120"]


def find() -> str | None:
    """Return the path of a Chromium, None if there is none. CHROMIUM_BIN wins, and must exist."""
    if given := os.environ.get("CHROMIUM_BIN"):
        if not shutil.which(given):
            raise Trouble(f"CHROMIUM_BIN names {given}, which cannot be run.")
        return given
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return next((path for path in MAC_PLACES if Path(path).exists()), None)


def ensure() -> str:
    """Return the path of a Chromium, installing it as root where apt-get is; raises Trouble with the remedy."""
    if path := find():
        return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium for the browser tests…")
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([*APT, "update"], env=env, capture_output=True)
        install = [*APT, "install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"]
        done = subprocess.run(install, env=env, capture_output=True, text=True)
        if path := find():
            return path
        raise Trouble(f"Chromium could not be installed: {done.stderr.strip()[-400:]}")
    raise Trouble(
        "The browser tests need Chromium: install it (Debian and Ubuntu: apt-get install chromium),"
        " or set CHROMIUM_BIN to a Chrome or Chromium you have."
    )
