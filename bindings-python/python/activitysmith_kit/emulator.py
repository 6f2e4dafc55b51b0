"""The local ActivitySmith for programs and tests of any kind: no account, phone or network.

    from activitysmith_kit.emulator import Emulator

    with Emulator() as emulator:
        account = emulator.account()
        run_job(account.client())
        assert account.stream("nightly-backup")["content_state"]["percentage"] == 100

Runs the program `asmith`: from the variable `ASMITH_BIN`, on the PATH, or in the package `activitysmith-kit-emulator`.
For pytest, see `activitysmith_kit.testing`. The package itself imports neither.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import shutil
import subprocess
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict
from urllib.parse import quote, urlsplit

from . import ActivitySmith, AsyncActivitySmith

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .types import ClientSettings

__all__ = ["Account", "AccountSettings", "Emulator"]

_PACKAGE = "activitysmith-kit-emulator"
_GREETING = "listening on "
# How many seconds it may take to start, and to stop before it is killed.
_PATIENCE = 30


class AccountSettings(TypedDict, total=False):
    """The settings of an account. Those left out are as in a new account.

    billing: Whether the account has paid.
    channels: Slugs of the channels that exist; with `None` every slug does.
    has_device: Whether a device is paired.
    key_channels: Slugs that the API key is limited to; with `None` it reaches the whole account.
    metrics: Keys of the metrics that exist; with `None` every key does.
    revoked: Whether the API key was revoked.
    """

    billing: Literal["ok", "trial_expired", "trial_exhausted", "billing_overage_cap_reached"]
    channels: Sequence[str] | None
    has_device: bool
    key_channels: Sequence[str] | None
    metrics: Sequence[str] | None
    revoked: bool


class Emulator:
    """A local ActivitySmith on a free port. As a context manager it stops at the end."""

    def __init__(self, *arguments: str, program: str | None = None) -> None:
        """The arguments are those of `asmith emulate`."""
        program = program or _find()
        command = [program, "--quiet", "emulate", "--exit-with-parent", "--port", "0", *arguments]
        self._process: subprocess.Popen[str] = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            greeting = self._greeting()
            if not greeting.startswith(_GREETING):
                raise RuntimeError(f"{program} emulate did not say where it listens, but {greeting!r}")
        except BaseException:
            # Ctrl-C among them: nothing else stops the process.
            self.stop()
            raise
        self.base_url: str = greeting[len(_GREETING) :].strip()
        """Where its API is."""

    def _greeting(self) -> str:
        """Its first line; nothing where it takes too long."""
        assert self._process.stdout is not None
        limit = threading.Timer(_PATIENCE, self._process.kill)
        limit.start()
        try:
            return self._process.stdout.readline()
        finally:
            limit.cancel()

    def account(self) -> Account:
        """A new account, with streams and limits of its own."""
        return Account(self, f"ask_test_{secrets.token_hex(8)}")

    def stop(self) -> None:
        """Stops it. Stopping again does nothing."""
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def request(self, method: str, path: str, body: object = None, api_key: str | None = None) -> dict[str, Any]:
        """Calls the emulator's own endpoints below `/_emulator`, and returns the JSON."""
        address = urlsplit(self.base_url)
        headers = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
        # Without the proxies of the environment.
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=_PATIENCE)
        try:
            connection.request(method, f"/_emulator{path}", None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise LookupError(f"{method} {path}: {answer['message']} (status {response.status})")
        return answer

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _find() -> str:
    """The program `asmith`."""
    program = os.environ.get("ASMITH_BIN") or shutil.which("asmith")
    if program:
        return program
    # Takes long to load, and is seldom needed.
    from importlib.metadata import PackageNotFoundError, distribution

    with contextlib.suppress(PackageNotFoundError):
        # The package's lies beside a Python whose environment need not be on the PATH.
        for file in distribution(_PACKAGE).files or ():
            if file.name == "asmith":
                return str(file.locate())
    raise FileNotFoundError(
        f"asmith is not on the PATH; `pip install {_PACKAGE}` brings it, and the variable ASMITH_BIN names another"
    )


class Account:
    """One account of an emulator."""

    def __init__(self, emulator: Emulator, api_key: str) -> None:
        self.emulator: Emulator = emulator
        self.api_key: str = api_key

    @property
    def base_url(self) -> str:
        """The API's base URL."""
        return self.emulator.base_url

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that select this account."""
        return {"ACTIVITYSMITH_BASE_URL": self.base_url, "ACTIVITYSMITH_API_KEY": self.api_key}

    def client(self, **settings: Unpack[ClientSettings]) -> ActivitySmith:
        """A client of this account."""
        return ActivitySmith(self.api_key, base_url=self.base_url, **settings)

    def async_client(self, **settings: Unpack[ClientSettings]) -> AsyncActivitySmith:
        """A client of this account whose calls are awaited."""
        return AsyncActivitySmith(self.api_key, base_url=self.base_url, **settings)

    def streams(self) -> list[dict[str, Any]]:
        """All streams of the account, including ended ones that are still kept."""
        return list(self._request("GET", "/streams")["streams"])

    def stream(self, stream_key: str) -> dict[str, Any]:
        """A stream as the service has it; `content_state` is what the phone shows."""
        return self._of_stream("GET", stream_key)

    def requests(self) -> list[dict[str, Any]]:
        """The account's requests, oldest first, among the newest 1,000 of all accounts."""
        return list(self._request("GET", "/requests")["requests"])

    def pause(self, stream_key: str) -> None:
        """Pauses a stream, as its owner can from the app."""
        self._of_stream("POST", stream_key, "/pause")

    def resume(self, stream_key: str) -> None:
        """Resumes a paused stream."""
        self._of_stream("POST", stream_key, "/resume")

    def dismiss(self, stream_key: str) -> None:
        """Removes a stream's activity from the screen, as the user can."""
        self._of_stream("POST", stream_key, "/dismiss")

    def set_up(self, **settings: Unpack[AccountSettings]) -> None:
        """Sets up the account anew."""
        self._request("PUT", "/account", settings)

    def _of_stream(self, method: str, stream_key: str, action: str = "") -> dict[str, Any]:
        return self._request(method, f"/streams/{quote(stream_key, safe='')}{action}")

    def _request(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        return self.emulator.request(method, path, body, self.api_key)
