"""Races made to happen: another connection, and a way to see that it waits for us. No sleeping, no hoping."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


class Elsewhere:
    """Runs one call on a connection of its own. `result` waits for it; an error there is raised here."""

    def __init__(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        self._call, self._args, self._kwargs = call, args, kwargs
        self._value: Any = None
        self._error: BaseException | None = None
        self.pid = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            connection.ensure_connection()
            self.pid = connection.connection.get_backend_pid()
            self._ready.set()
            self._value = self._call(*self._args, **self._kwargs)
        except BaseException as error:
            self._error = error
        finally:
            self._ready.set()
            connection.close()

    def is_waiting(self) -> bool:
        """Return True once its backend waits for a lock of ours; False if it ends first."""
        self._ready.wait(10)
        while self._thread.is_alive():
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0, pg_sleep(0.005)", [self.pid])
                if cursor.fetchone()[0]:
                    return True
        return False

    @property
    def is_over(self) -> bool:
        """Whether the call has ended, well or badly."""
        return not self._thread.is_alive()

    def result(self) -> Any:
        """Return what the call returned, or raise what it raised."""
        self._thread.join(20)
        if self._thread.is_alive():
            raise TimeoutError("the other connection still runs")
        if self._error is not None:
            raise self._error
        return self._value


def in_another_connection(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run `call` on a connection of its own and return what it returned."""
    return Elsewhere(call, *args, **kwargs).result()
