"""Processes that live and die together: a parent that keeps children, children that watch it."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
GRACE = 8.0
PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int, *, grace: float = GRACE) -> None:
    """End this process when its parent is gone, however that ended; call it once at the start.

    Linux sends SIGTERM at that very moment; elsewhere, and for a process that does not listen, a
    thread looks every second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace)
        os._exit(1)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()


def gloed_command(*words: str) -> list[str]:
    """The command line of a verb in a process of its own."""
    return [sys.executable, "-m", "gloed.project.cli", *words]


@dataclass(slots=True)
class Child:
    """A process that is started again when it ends by itself."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    next_start: float = 0.0
    crashes: int = 0

    def start(self) -> None:
        """Start it, now."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command)  # noqa: S603 - our own command

    def look(self) -> None:
        """Start it again if it has ended: at once at first, later after ever longer pauses."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.next_start:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.crashes = 1 if now - self.started > STEADY_AFTER else self.crashes + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.crashes - 1))
        say(f"{self.name} ended (code {code}); it starts again in {pause:g} s.")
        self.process, self.next_start = None, now + pause

    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None


@dataclass(slots=True)
class Family:
    """A parent and its children in one process tree."""

    children: list[Child]
    stopping: threading.Event = field(default_factory=threading.Event)

    def stop_on_signals(self) -> None:
        """End the family on Ctrl-C, SIGTERM, and when the terminal goes."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stopping.set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)

    def keep(self) -> None:
        """Keep the children alive until told to stop, then end them all."""
        try:
            while not self.stopping.wait(0.2):
                for child in self.children:
                    child.look()
        finally:
            self.end()

    def end(self) -> None:
        """Ask every child to end, and insist after a few seconds."""
        alive = [child.process for child in self.children if child.process and child.alive()]
        for process in alive:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for process in alive:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def say(text: str) -> None:
    """One line for whoever started the family."""
    print(text, flush=True)  # noqa: T201 - the command's own words
