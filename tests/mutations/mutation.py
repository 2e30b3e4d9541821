"""One mutation: something the desk relies on, taken away, and the test that must notice."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutation:
    """Taken away either from a file of a copy of the tree (`file`, `old`, `new`) or from the test database (`sql`).

    what   what is lost, in a few words. test: pytest's name of the test that must go red.
    old    stands exactly once in `file`. undo: gives back what `sql` took.
    """

    what: str
    test: str
    file: str = ""
    old: str = ""
    new: str = ""
    sql: str = ""
    undo: str = ""
