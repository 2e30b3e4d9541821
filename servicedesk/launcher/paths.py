"""Where things lie."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SYSTEM_DATA_DIR = Path("/var/lib/servicedesk")


def venv_dir() -> Path:
    """Return the virtual environment of this checkout."""
    return Path(os.environ.get("DESK_VENV") or ROOT / ".venv")


def venv_python() -> Path:
    """Return the interpreter inside the virtual environment, which may not exist yet."""
    return venv_dir() / "bin" / "python"
