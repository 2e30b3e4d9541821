"""`make test`: everything, browser included, against throwaway servers.

Without arguments in three rounds: first on two workers what shares servers, then on two workers what starts servers and
processes of its own and mostly waits for them, then, alone, what measures time. With arguments: one pytest with them.
"""

import sys

from . import chromium, trial
from .words import say

WORKERS = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
TOGETHER = ["-m", "not alone and not apart", *WORKERS]
APART = ["-m", "apart", *WORKERS]
ALONE = ["-m", "alone"]


def run(arguments: list[str]) -> int:
    """Run pytest and return its exit code, the first that is not 0. Raises Trouble if no browser can be had."""
    browser = chromium.ensure()
    rounds = [arguments] if arguments else [TOGETHER, APART, ALONE]
    code = 0
    for words in rounds:
        say(f"pytest {' '.join(words)}")
        command = ["env", f"CHROMIUM_BIN={browser}", sys.executable, "-m", "pytest", *words]
        code = trial.run_command(command) or code
    return code
