"""One keep-alive connection and a clock. Written on the socket, because a heavier client would slow the trivial view
it compares with more than the pages, and so flatter the pages."""

import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from types import TracebackType
from urllib.parse import urlencode

TOKEN = "b" * 32  # the double-submitted CSRF token: any value serves as long as cookie and header agree
PATIENCE = 60.0  # seconds


class UnexpectedAnswerError(RuntimeError):
    """The server answered something else than the page that is measured."""


class ClosedError(UnexpectedAnswerError):
    """The server closed the connection before it answered."""


@dataclass(frozen=True)
class Call:
    """One request: GET, or POST where there is a form. session: the key of a signed-in session, "" for nobody."""

    path: str
    session: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    htmx: bool = False

    def encoded(self) -> bytes:
        body = urlencode(self.form).encode()
        lines = [f"{'POST' if body else 'GET'} {self.path} HTTP/1.1", "Host: localhost", "Accept: text/html"]
        if self.session:
            lines.append(f"Cookie: zhike={self.session}; csrftoken={TOKEN}")
        if self.htmx:
            lines.append("HX-Request: true")
        if body:
            lines += [f"X-CSRFToken: {TOKEN}", "Content-Type: application/x-www-form-urlencoded"]
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body


class Client:
    """A keep-alive connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connect()

    def _connect(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def seconds(self, call: Call) -> float:
        """How long the whole answer took. Raises UnexpectedAnswerError unless it is 200."""
        try:
            return self._asked(call)
        except (ClosedError, ConnectionError):
            # The server lets go of a connection that waited for its turn while others were asked.
            self._socket.close()
            self._connect()
            return self._asked(call)

    def _asked(self, call: Call) -> float:
        request = call.encoded()
        started = perf_counter()
        self._socket.sendall(request)
        head, rest = self._head()
        missing = int(_header(head, b"content-length") or 0) - len(rest)
        while missing > 0:
            missing -= len(self._more())
        took = perf_counter() - started
        if not head.startswith(b"HTTP/1.1 200"):
            raise UnexpectedAnswerError(f"{call.path}: {head.splitlines()[0].decode()}")
        return took

    def _head(self) -> tuple[bytes, bytes]:
        received = self._more()
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _blank, rest = received.partition(b"\r\n\r\n")
        return head, rest

    def _more(self) -> bytes:
        received = self._socket.recv(262_144)
        if not received:
            raise ClosedError("the server closed the connection")
        return received


def _header(head: bytes, name: bytes) -> bytes:
    found = re.search(rb"^" + name + rb":\s*(\S+)", head, re.IGNORECASE | re.MULTILINE)
    return found.group(1) if found else b""


Plan = Mapping[str, tuple[int, Sequence[Call]]]
Rounds = dict[str, list[list[float]]]


def measure(plan: Plan, *, rounds: int, a_round: int) -> Rounds:
    """Seconds by name: per round, a list of `a_round` requests.

    plan: name -> (port, calls taken in turn). Every round visits every name, so that a machine that slows down slows
    all of them; the first round only warms up and is thrown away.
    """
    times: Rounds = {name: [] for name in plan}
    ports = {port for port, _calls in plan.values()}
    clients = {port: Client(port) for port in ports}
    position = dict.fromkeys(plan, 0)
    for number in range(rounds + 1):
        for name, (port, calls) in plan.items():
            taken = []
            for _request in range(a_round):
                taken.append(clients[port].seconds(calls[position[name] % len(calls)]))
                position[name] += 1
            if number:
                times[name].append(taken)
    for client in clients.values():
        client.__exit__(None, None, None)
    return times
