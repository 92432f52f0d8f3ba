"""A small load generator for one server on this machine: keep-alive connections that post forms.

    python -m benchmarks.load 127.0.0.1 8000 /s/slug/ CLIENTS SECONDS [TOKENS]

Each connection posts one answer at a time under a key of its own and waits for the reply. TOKENS is
a file with a token of an invitation on every line: each answer then goes to the address of the next
one, which is taken from the file. Prints one JSON object: answers, seconds, per_second, refused,
p50 and p99 in milliseconds.
"""

import argparse
import asyncio
import itertools
import json
import random
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode


class Load:
    """Counts what the connections achieve until the deadline."""

    def __init__(
        self,
        host: str,
        port: int,
        path: str,
        seconds: float,
        tokens: Iterator[str] | None = None,
        words: str = "",
    ) -> None:
        self.host, self.port, self.path = host, port, path
        self.tokens, self.words = tokens, words
        self.deadline = time.perf_counter() + seconds
        self.taken: list[float] = []
        self.refused = 0
        self.keys = (f"{secrets.token_hex(12)}{n:08d}" for n in itertools.count())

    def address(self) -> str:
        """Where the next answer goes: the open link, or that of the next invitation."""
        return self.path if self.tokens is None else f"{self.path}{next(self.tokens)}/"

    def request(self) -> bytes:
        """One answer as the survey page's own form posts it.

        Raises StopIteration when no invitation is left.
        """
        fields = {
            "key": next(self.keys),
            "version": 1,
            "step": "all" if self.words else "keep",  # whole, or a score and perhaps more
            "rating": random.randint(0, 10),
            "why": self.words,
        }
        body = urlencode(fields).encode()
        head = (
            f"POST {self.address()} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def connection(self) -> None:
        """One client: post, wait, post again."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        while time.perf_counter() < self.deadline:
            try:
                request = self.request()
            except StopIteration:
                break
            start = time.perf_counter()
            writer.write(request)
            status, keep = await reply(reader)
            self.taken.append(time.perf_counter() - start)
            self.refused += status >= 400
            if not keep:
                writer.close()
                reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.close()


async def reply(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Read one whole answer; returns its status and whether the connection lives on."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    if "transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    elif "content-length:" in head:
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        await reader.readexactly(length)
    return status, "connection: close" not in head


async def run(
    host: str,
    port: int,
    path: str,
    clients: int,
    seconds: float,
    tokens: Iterator[str] | None = None,
    words: str = "",
) -> dict[str, float]:
    """Load the server and return the figures."""
    load = Load(host, port, path, seconds, tokens, words)
    start = time.perf_counter()
    await asyncio.gather(*(load.connection() for _ in range(clients)))
    elapsed = time.perf_counter() - start
    taken = sorted(load.taken)
    answered = len(taken) - load.refused
    return {
        "answers": answered,
        "seconds": elapsed,
        "per_second": answered / elapsed,
        "refused": load.refused,
        "p50": 1000 * taken[len(taken) // 2],
        "p99": 1000 * taken[int(len(taken) * 0.99)],
    }


def take_from(path: Path) -> Iterator[str]:
    """The tokens in a file; what is left of them when this run is over stays in it."""
    left = path.read_text(encoding="ascii").split()
    try:
        while left:
            yield left.pop()
    finally:
        path.write_text("\n".join(left), encoding="ascii")


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("host")
    asked.add_argument("port", type=int)
    asked.add_argument("path")
    asked.add_argument("clients", type=int)
    asked.add_argument("seconds", type=float)
    asked.add_argument("--tokens", type=Path, help="a file: each answer under the next of them")
    asked.add_argument("--words", default="", help="what every answer says beside its score")
    given = asked.parse_args()
    tokens = take_from(given.tokens) if given.tokens else None
    figures = asyncio.run(
        run(given.host, given.port, given.path, given.clients, given.seconds, tokens, given.words)
    )
    if tokens is not None:
        tokens.close()  # type: ignore[attr-defined]  # a generator
    print(json.dumps(figures))
