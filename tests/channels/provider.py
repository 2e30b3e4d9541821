"""A provider of SMS, voice and webhooks on the loopback address that fails as told and counts what it delivered."""

import json
import socket
import struct
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Provider(ThreadingHTTPServer):
    """`faults` are taken one per call, then all is well: "500", "422", "302", "hang" or "reset" (after accepting).

    posts      every call, by idempotency key.
    answer     what a call that went well is told; None = {"id": "prov-<n>"}.
    delivered  what reached the person, by key: this provider honours the key.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.faults: list[str] = []
        self.calls: list[tuple[dict, bytes]] = []
        self.posts: Counter[str] = Counter()
        self.delivered: dict[str, dict] = {}
        self.answer: object = None
        self.over = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/send"

    def stop(self) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        key = headers.get("idempotency-key") or headers.get("webhook-id", "")
        self.server.posts[key] += 1
        self.server.calls.append((headers, body))
        fault = self.server.faults.pop(0) if self.server.faults else ""
        if fault == "hang":
            self.server.over.wait()
            return
        if fault in {"500", "422", "302"}:
            return self._answer(int(fault), {})
        self.server.delivered.setdefault(key, json.loads(body))
        if fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        self._answer(202, self.server.answer or {"id": f"prov-{len(self.server.delivered)}"})

    def _answer(self, status: int, body: object) -> None:
        sent = json.dumps(body).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.server.url)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_said: object) -> None:
        """Quiet."""
