"""A Spark Connect server on this machine for the tests: Sail, which needs no Java."""

import os

_RUNNING = []  # a server that nobody holds stops


def start():
    """Start one on a free port and return its address for ANALYSIS_URL."""
    os.environ.setdefault("RUST_LOG", "error")
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    _RUNNING.append(server)
    host, port = server.listening_address
    return f"sc://{host}:{port}"
