"""A loopback HTTP service that records what arrives and answers what a test says. It knows nothing of the API."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from activitysmith_kit import ActivitySmith, AsyncActivitySmith

if TYPE_CHECKING:
    from activitysmith_kit.emulator import Account
    from activitysmith_kit.types import ClientSettings
    from typing_extensions import Unpack

API_KEY = "ask_test_4f1d0c"
# Nothing listens on port 1 of this machine.
NOBODY = "http://127.0.0.1:1/api"
# How long a test waits for what must happen before it fails.
PATIENCE = 20

# What a program may compute as a duration, by itself or by a type of another library.
LONG_DURATIONS: tuple[Any, ...] = (
    1e308,
    float("inf"),
    5e-324,
    2**63,
    10**400,
    1.8e19,
    datetime.timedelta.max,
    Decimal("1e999"),
    Fraction(10**400),
)
NEGATIVE_DURATIONS: tuple[Any, ...] = (float("nan"), -1, -(10**400), datetime.timedelta.min, Decimal("NaN"))
ODD_DURATIONS: tuple[Any, ...] = (*LONG_DURATIONS, *NEGATIVE_DURATIONS)
NO_DURATIONS: tuple[Any, ...] = ("5", b"5", [5], object(), 5j, Decimal("sNaN"))

_ROOT = Path(__file__).resolve().parents[2]
VECTORS = _ROOT / "tests" / "vectors"
SCHEMA = _ROOT / "core" / "schema.json"


class Request(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


class Answer(NamedTuple):
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b'{"operation":"updated"}'


class Service:
    """Answers every request alike. One that is silent holds its requests until the client closes them."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answer = Answer()
        self.silent = False
        self.arrived = threading.Semaphore(0)
        """Released once for each request."""
        self.dropped = threading.Semaphore(0)
        """Released once for each request that was given up while the service was silent."""
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_request(self) -> None:
                service._handle(self)

            do_PUT = do_POST = do_DELETE = handle_request

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}/api"

    def client(self, **settings: Unpack[ClientSettings]) -> ActivitySmith:
        return ActivitySmith(API_KEY, base_url=self.base_url, **settings)

    def async_client(self, **settings: Unpack[ClientSettings]) -> AsyncActivitySmith:
        return AsyncActivitySmith(API_KEY, base_url=self.base_url, **settings)

    def replies(self, status: int = 200, body: object = None, headers: dict[str, str] | None = None) -> None:
        """From now on it answers this; text and bytes go out as they are."""
        if not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        self.answer = Answer(status, headers or {}, body.encode() if isinstance(body, str) else body)

    @property
    def environment(self) -> dict[str, str]:
        return {"ACTIVITYSMITH_BASE_URL": self.base_url, "ACTIVITYSMITH_API_KEY": API_KEY}

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.requests.append(Request(handler.command, handler.path, headers, body))
        silent = self.silent
        self.arrived.release()
        if silent:
            handler.close_connection = True
            # Comes back when the other side has closed the connection.
            with contextlib.suppress(OSError):
                handler.connection.recv(1)
            self.dropped.release()
            return
        status, answered, body = self.answer
        handler.send_response_only(status)
        for name, value in answered.items():
            handler.send_header(name, value)
        if status != 204:
            handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        if status != 204:
            handler.wfile.write(body)

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def in_short(value: object) -> str:
    """A test's name for what may have many digits."""
    return f"{type(value).__name__} {str(value)[:12]}"


needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not list descriptors")


def methods(account: Account) -> list[str]:
    """The methods of an account's requests, oldest first."""
    return [request["method"] for request in account.requests()]


def shown(account: Account, key: str = "backup") -> dict[str, Any]:
    """The state that the phone shows."""
    state: dict[str, Any] = account.stream(key)["content_state"]
    return state


def open_descriptors() -> int:
    """How many descriptors this process has."""
    return len(os.listdir("/proc/self/fd"))


def run(program: str, environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """Runs a Python program in a process of its own, with warnings of what it leaves behind."""
    return subprocess.run(
        [sys.executable, "-X", "dev", *options, "-c", program],
        env=_environment(environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def spawn(program: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Starts a Python program in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env=_environment(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _environment(more: dict[str, str]) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if not name.startswith("ACTIVITYSMITH_")}, **more}
