"""Whether a port can be listened on, and whether somebody answers there."""

import errno
import socket

from gloed.project.refusals import Refused

NO_ADDRESS = "There is no address {} on this machine; use --host 127.0.0.1."


def refuse_taken_port(host: str, port: int) -> None:
    """Raise Refused with a clear sentence when `host:port` cannot be listened on.

    Tried with a socket that does not share: the web server itself would share the port silently.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise Refused(
            f"There is no address {host} on this machine; use --host 127.0.0.1."
        ) from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as problem:
            raise Refused(_why(problem, host, port)) from None


def answers(host: str, port: int) -> bool:
    """Whether somebody accepts connections there."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared only
    try:
        with socket.create_connection((target, port), timeout=0.5):
            return True
    except OSError:
        return False


def _why(problem: OSError, host: str, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program. "
            f"Stop it, or choose another port: --port {port + 1 if port < 65535 else port - 1}."
        )
    if problem.errno == errno.EACCES:
        return f"Port {port} may not be used by this user; choose one above 1023."
    if problem.errno == errno.EADDRNOTAVAIL:
        return NO_ADDRESS.format(host)
    return f"Port {port} on {host} cannot be used: {problem.strerror}."
