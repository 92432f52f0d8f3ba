"""A worker process: three lanes, a heartbeat, the schedules, and a clean end."""

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime
from types import FrameType
from typing import TypeVar

from django.db import close_old_connections, connection, connections
from django.utils import timezone

from gloed.base.jobs import Pace
from gloed.base.worker.lanes import JobLane, JournalLane, Lane
from gloed.base.worker.schedules import keep_scheduled

SHORTEST_PAUSE = 0.05
LONGEST_PAUSE = 0.5
PAUSE_AFTER_TROUBLE = 5.0
BEAT = 0.5
SCHEDULES_EVERY = 30.0
GRACE = 5.0

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Worker:
    """Hands out the journal and does jobs until it is told to stop.

    Any number of them may run against one database, on one machine or many.
    """

    def __init__(self, *, now: Callable[[], datetime] = timezone.now) -> None:
        self.name = f"{socket.gethostname()[:48]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.now = now
        self._stopping = threading.Event()
        self._resting = threading.Event()
        self._lanes: list[Lane] = [
            JournalLane(now=now),
            *(JobLane(pace, worker=self.name, now=now, stopping=self._stopping) for pace in Pace),
        ]

    def stop(self) -> None:
        """Ask it to stop: started work gets a few seconds, the rest goes back."""
        self._stopping.set()

    def stop_on_signals(self) -> None:
        """Stop on SIGTERM and SIGINT; call it from the main thread."""

        def handle(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        signal.signal(signal.SIGTERM, handle)
        signal.signal(signal.SIGINT, handle)

    def run(self) -> bool:
        """Work until stopped. False when some work did not end in time and was left behind.

        Its lease then runs out and another worker takes it up.
        """
        threads = [
            threading.Thread(target=self._turn, args=(lane,), name=lane.name, daemon=True)
            for lane in self._lanes
        ]
        heart = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        for thread in [*threads, heart]:
            thread.start()
        logger.info("worker %s is ready", self.name)
        self._keep_schedules()
        deadline = time.monotonic() + GRACE
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._resting.set()
        heart.join(BEAT * 2)
        left = [thread.name for thread in threads if thread.is_alive()]
        logger.info("worker %s stopped%s", self.name, f", leaving {left}" if left else "")
        return not left

    def _turn(self, lane: Lane) -> None:
        pause = SHORTEST_PAUSE
        while not self._stopping.is_set():
            busy = _guarded(lane.turn)
            if busy is None:
                self._stopping.wait(PAUSE_AFTER_TROUBLE)
            elif busy:
                pause = SHORTEST_PAUSE
                self._stopping.wait(lane.rest)
            else:
                self._stopping.wait(pause)
                pause = min(pause * 1.5, LONGEST_PAUSE)
        connections.close_all()

    def _beat(self) -> None:
        while not self._resting.wait(BEAT):
            for lane in self._lanes:
                _guarded(lane.beat)
        connections.close_all()

    def _keep_schedules(self) -> None:
        while not self._stopping.is_set():
            _guarded(lambda: keep_scheduled(now=self.now()))
            self._stopping.wait(SCHEDULES_EVERY)
        connections.close_all()


def _guarded(work: Callable[[], T]) -> T | None:
    """Do it; None when it went wrong (a database away, say): the log says so, life goes on."""
    try:
        close_old_connections()
        return work()
    except Exception:
        logger.exception("the worker stumbled and goes on")
        connection.close()
        return None


def run_until_idle(*, now: Callable[[], datetime] = timezone.now, turns: int = 1000) -> None:
    """Hand out the journal and do every job that is due, here and now, without threads.

    For tests and for commands that must not return before the pages show what they did. Raises
    RuntimeError when there is still something to do after so many turns.
    """
    worker = f"inline:{os.getpid()}:{secrets.token_hex(4)}"
    lanes: list[Lane] = [
        JournalLane(now=now),
        *(JobLane(pace, worker=worker, now=now) for pace in Pace),
    ]
    for _ in range(turns):
        if not any(lane.turn() for lane in lanes):
            return
    raise RuntimeError(f"there is still work to do after {turns} turns")
