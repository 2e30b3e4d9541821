"""`make mutations`: take away, one after the other, what the desk relies on, and see the named test go red.

`python -m tests.mutations [WORD …]` takes only those whose description holds one of the words. Exit code 1 if any test
stays green, 2 if one could not be run or is red before anything is taken away.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.mutations.desk import DESK_MUTATIONS
from tests.mutations.duties import DUTY_MUTATIONS
from tests.mutations.engine import ENGINE_MUTATIONS
from tests.mutations.invariants import INVARIANT_MUTATIONS
from tests.mutations.mutation import Mutation
from tests.mutations.tree import ALL_S, Tree, is_red, reason

ALL = [*ENGINE_MUTATIONS, *INVARIANT_MUTATIONS, *DUTY_MUTATIONS, *DESK_MUTATIONS]


def chosen(words: list[str]) -> list[Mutation]:
    """Return the mutations whose description holds one of the words; all for no words."""
    return [m for m in ALL if not words or any(word.lower() in m.what.lower() for word in words)]


def red_before(tree: Tree, mutations: list[Mutation]) -> set[str]:
    """Return which named tests do not pass while nothing is taken away; makes the test database, and keeps it."""
    code, said = tree.run("--create-db", "--reuse-db", *sorted({m.test for m in mutations}), longest_s=ALL_S)
    if code:
        print(said)
    return {m.test for m in mutations if code > 1 or code and named(m, said)}


def named(mutation: Mutation, said: str) -> bool:
    """Whether pytest's summary names the test of a mutation as failed or not run."""
    return any(f"{word} {mutation.test}" in said for word in ("FAILED", "ERROR"))


def judge(tree: Tree, mutation: Mutation) -> str:
    """Return "red", "GREEN" or "NOT RUN" for one mutation, and print a line of the table."""
    began = time.monotonic()
    with tree.without(mutation):
        code, said = tree.run("--reuse-db", "-x", mutation.test)
    verdict = "GREEN" if code == 0 else "red" if is_red(code, said) else "NOT RUN"
    if verdict == "NOT RUN":
        print(said)
    name = mutation.test.rpartition("::")[2]
    why = f" {reason(said)}" if verdict == "red" else ""
    print(f"| {mutation.what} | `{name}` | {verdict}{why} | {time.monotonic() - began:.0f} s |", flush=True)
    return verdict


def main(words: list[str]) -> int:
    """Run the list and return the exit code."""
    mutations = chosen(words)
    with tempfile.TemporaryDirectory(prefix="desk-mutations-") as place:
        tree = Tree(Path(place))
        useless = red_before(tree, mutations)
        print("| Taken away | Test | | |\n|---|---|---|---|", flush=True)
        verdicts = [judge(tree, mutation) for mutation in mutations if mutation.test not in useless]
    for mutation in [m for m in mutations if m.test in useless]:
        print(f"| {mutation.what} | `{mutation.test}` | RED BEFORE | |")
    print(f"{verdicts.count('red')} of {len(mutations)} red")
    return 2 if useless or "NOT RUN" in verdicts else int("GREEN" in verdicts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
