"""Threads of the streams' own that ask the database, so that one that hangs takes neither pages nor event loop."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from django.db import close_old_connections, connections

T = TypeVar("T")
IDLE_SECONDS = 10.0


class Busy(Exception):
    """Too many questions wait for an answer already."""


class Asking:
    """A few threads, started with the first question; each closes its connection when it has nothing to do."""

    def __init__(self, threads: int, waiting: int) -> None:
        """At most `waiting` questions wait for one of the `threads`."""
        self._threads = threads
        self._waiting = waiting
        self._questions: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = queue.SimpleQueue()
        self._started = False

    def ask(self, question: Callable[[], T]) -> asyncio.Future[T]:
        """Have it answered; to be called in the event loop. Busy when too many wait."""
        if self._questions.qsize() >= self._waiting:
            raise Busy
        if not self._started:
            self._started = True
            for number in range(self._threads):
                # WHY: daemons, so that a question which hangs does not keep the process from ending.
                threading.Thread(target=self._work, name=f"live-{number}", daemon=True).start()
        answer: Future[T] = Future()
        self._questions.put((answer, question))
        return asyncio.wrap_future(answer)

    def _work(self) -> None:
        while True:
            try:
                answer, question = self._questions.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                connections.close_all()
                answer, question = self._questions.get()
            if not answer.set_running_or_notify_cancel():
                continue
            close_old_connections()
            try:
                answer.set_result(question())
            except Exception as error:
                answer.set_exception(error)
            close_old_connections()
