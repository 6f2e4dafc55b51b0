"""The local ActivitySmith for tests: no account, phone or network. Never imported by the package itself.

With pytest, name this module once, in the topmost conftest.py, and each test that asks for `activitysmith` gets an
account of its own:

    pytest_plugins = ["activitysmith_kit.testing"]

    def test_the_job_reports_itself(activitysmith):
        run_job(activitysmith.client())
        assert activitysmith.stream("nightly-backup")["content_state"]["percentage"] == 100

The emulator is the program `asmith`: the one that the variable `ASMITH` names, or the one on the PATH.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from . import ActivitySmith, AsyncActivitySmith

__all__ = ["Account", "Emulator", "activitysmith", "activitysmith_emulator"]

_GREETING = "listening on "


class Emulator:
    """A local ActivitySmith on a free port. As a context it stops in the end."""

    def __init__(self, *arguments: str, program: str | None = None) -> None:
        """The arguments are those of `asmith emulate`."""
        program = program or os.environ.get("ASMITH") or shutil.which("asmith")
        if program is None:
            raise FileNotFoundError("asmith is not on the PATH; put it there, or name it in the variable ASMITH")
        command = [program, "--quiet", "emulate", "--port", "0", *arguments]
        self._process: subprocess.Popen[str] = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        greeting = self._process.stdout.readline()
        self.base_url: str = greeting[len(_GREETING) :].strip()
        """Where its API is."""
        if not greeting.startswith(_GREETING):
            self.stop()
            raise RuntimeError(f"{program} emulate did not say where it listens, but {greeting!r}")

    def account(self) -> Account:
        """A new account: nobody else sees its streams, and its limits are its own."""
        return Account(self, f"ask_test_{secrets.token_hex(8)}")

    def stop(self) -> None:
        """Stops it. Once more does nothing."""
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def request(self, method: str, path: str, body: object = None, api_key: str | None = None) -> Any:
        """Asks the emulator's own endpoints below `/_emulator`, and gives back its JSON."""
        address = urlsplit(self.base_url)
        headers = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
        # Without the proxies of the environment.
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        try:
            connection.request(method, f"/_emulator{path}", None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise LookupError(f"{method} {path}: {answer['message']} (status {response.status})")
        return answer

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Account:
    """One account of an emulator."""

    def __init__(self, emulator: Emulator, api_key: str) -> None:
        self.emulator: Emulator = emulator
        self.api_key: str = api_key

    @property
    def base_url(self) -> str:
        """Where the API is."""
        return self.emulator.base_url

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a program finds this account."""
        return {"ACTIVITYSMITH_BASE_URL": self.base_url, "ACTIVITYSMITH_API_KEY": self.api_key}

    def client(self, **settings: Any) -> ActivitySmith:
        """A client of this account."""
        return ActivitySmith(self.api_key, base_url=self.base_url, **settings)

    def async_client(self, **settings: Any) -> AsyncActivitySmith:
        """A client of this account whose calls are awaited."""
        return AsyncActivitySmith(self.api_key, base_url=self.base_url, **settings)

    def streams(self) -> list[dict[str, Any]]:
        """Every stream of the account, the ended ones that are still remembered among them."""
        streams: list[dict[str, Any]] = self._request("GET", "/streams")["streams"]
        return streams

    def stream(self, stream_key: str) -> dict[str, Any]:
        """What the service knows of a stream; `content_state` is what the phone shows."""
        stream: dict[str, Any] = self._request("GET", f"/streams/{quote(stream_key, safe='')}")
        return stream

    def requests(self) -> list[dict[str, Any]]:
        """Every request that the account has made, oldest first."""
        requests: list[dict[str, Any]] = self._request("GET", "/requests")["requests"]
        return requests

    def pause(self, stream_key: str) -> None:
        """Pauses a stream, as its owner can from the app."""
        self._request("POST", f"/streams/{quote(stream_key, safe='')}/pause")

    def resume(self, stream_key: str) -> None:
        """Resumes a paused stream."""
        self._request("POST", f"/streams/{quote(stream_key, safe='')}/resume")

    def dismiss(self, stream_key: str) -> None:
        """Removes a stream's activity from the screen, as the user can."""
        self._request("POST", f"/streams/{quote(stream_key, safe='')}/dismiss")

    def set_up(self, **settings: Any) -> None:
        """Sets up the account: its devices, channels, billing and so on, as the emulator names them."""
        self._request("PUT", "/account", settings)

    def _request(self, method: str, path: str, body: object = None) -> Any:
        return self.emulator.request(method, path, body, self.api_key)


@pytest.fixture(scope="session")
def activitysmith_emulator() -> Iterator[Emulator]:
    """A local ActivitySmith for all tests of the run."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def activitysmith(activitysmith_emulator: Emulator) -> Account:
    """An account for this test alone."""
    return activitysmith_emulator.account()
