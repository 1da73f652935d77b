"""A gateway of its own in a thread: a real HTTP server that fails, dawdles, breaks off and restarts as told.

It keeps what it took on by key, as the bank's gateway has to; `taken` tells every message it really sent.
"""

import json
import random
import socket
import struct
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from interactions.messaging.signing import SIGNATURE, TIMESTAMP, verified

SECRET = "a secret of the test"


class FakeGateway:
    """mood(rng) -> how the next request goes: ok, refuse, busy, error, error_after, slow, slow_after, cut, cut_after."""

    def __init__(self, mood, seed: int = 1, dawdle: float = 0.25) -> None:
        self.mood, self.rng, self.dawdle = mood, random.Random(seed), dawdle
        self.lock = threading.Lock()
        self.taken: list[dict[str, Any]] = []
        self.known: dict[str, str] = {}
        self.again: Counter[str] = Counter()
        self.moods: Counter[str] = Counter()
        self.unsigned = 0
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                gateway.post(self)

            def do_GET(self) -> None:
                gateway.get(self)

            def log_message(self, *arguments: Any) -> None:
                pass

        ThreadingHTTPServer.allow_reuse_address = True
        ThreadingHTTPServer.daemon_threads = True
        ThreadingHTTPServer.request_queue_size = 64
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def next_mood(self) -> str:
        with self.lock:
            mood = self.mood(self.rng)
            self.moods[mood] += 1
            return mood

    def post(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        if not verified(SECRET, handler.headers[TIMESTAMP], handler.headers[SIGNATURE], body, time.time()):
            self.unsigned += 1
            return self.answer(handler, 401, {})
        mood, said = self.next_mood(), json.loads(body)
        assert handler.headers["Idempotency-Key"] == said["key"]
        if mood == "refuse":
            with self.lock:
                self.known.setdefault(said["key"], "refused")
            return self.answer(handler, 422, {"accepted": False, "final": True, "reason": "no such number"})
        if mood == "busy":
            return self.answer(handler, 503, {"accepted": False})
        if mood in ("ok", "error_after", "slow_after", "cut_after"):
            self.take(said)
        return self.end(handler, mood, said["key"])

    def take(self, said: dict[str, Any]) -> None:
        """Take the message on, once a key."""
        with self.lock:
            if said["key"] in self.known:
                self.again[said["key"]] += 1
            else:
                self.known[said["key"]] = "accepted"
                self.taken.append(said)

    def end(self, handler: BaseHTTPRequestHandler, mood: str, key: str) -> None:
        if mood.startswith("slow"):
            time.sleep(self.dawdle)
        elif mood.startswith("cut"):
            self.cut(handler)
        elif mood.startswith("error"):
            self.answer(handler, 502, {})
        else:
            self.answer(handler, 202, {"id": f"g-{key[:8]}"})

    def get(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.path.encode()
        if not verified(SECRET, handler.headers[TIMESTAMP], handler.headers[SIGNATURE], body, time.time()):
            self.unsigned += 1
            return self.answer(handler, 401, {})
        mood = self.next_mood()
        if mood in ("busy", "error", "error_after"):
            return self.answer(handler, 503, {})
        if mood.startswith("cut"):
            return self.cut(handler)
        key = handler.path.rpartition("/")[2]
        state = self.known.get(key)
        if state is None:
            return self.answer(handler, 404, {"key": key})
        return self.answer(handler, 200, {"key": key, "state": state, "id": f"g-{key[:8]}"})

    def answer(self, handler: BaseHTTPRequestHandler, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        try:
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
        except OSError:
            pass

    def cut(self, handler: BaseHTTPRequestHandler) -> None:
        """The line breaks: a reset instead of an answer."""
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        handler.close_connection = True
