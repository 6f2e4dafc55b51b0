"""The calls of `tests/golden/python.jsonl`, by the official package and by ours: what each sends, or its refusal."""

from __future__ import annotations

import json
import runpy
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import activitysmith
import activitysmith_kit
import pytest

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
ROWS = [json.loads(line) for line in (GOLDEN / "python.jsonl").read_text(encoding="utf-8").splitlines()]
DIFFERENCES = json.loads((GOLDEN / "differences.json").read_text(encoding="utf-8"))["python"]
CALLS = runpy.run_path(str(GOLDEN / "calls.py"))["CALLS"]
# What every endpoint answers. The official models leave out what they do not know.
ANSWER = {
    "success": True,
    "timestamp": "2026-01-01T00:00:00Z",
    "activity_id": "a",
    "notification_id": "n1",
    "stream_key": "k",
    "operation": "updated",
    "badge": 3,
    "devices_updated": 1,
    "users_updated": 1,
    "effective_channel_slugs": None,
}


class Recorder:
    """A service on this machine that keeps what it is asked."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                path = self.path.removeprefix("/api")
                request = {"method": self.command, "path": path, "body": json.loads(body) if body else None}
                recorder.requests.append(request)
                ended = {"operation": "ended"} if self.command == "DELETE" else {}
                text = json.dumps({**ANSWER, **ended}).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_POST = do_PUT = do_DELETE = answer

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base_url = f"http://127.0.0.1:{self.server.server_address[1]}/api"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture(scope="module")
def service() -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.server.shutdown()
    recorder.server.server_close()


def made(service: Recorder, client: Any, call: str) -> dict[str, Any]:
    """A call, and what came of it, as a row of the file."""
    service.requests.clear()
    try:
        outcome = {"returns": type(CALLS[call](client)).__name__}
    except Exception as error:
        outcome = {"raises": type(error).__name__, "message": str(error)[:200]}
    assert len(service.requests) <= 1
    return {"call": call, **(service.requests[0] if service.requests else {}), **outcome}


def ours_should_be(row: dict[str, Any]) -> dict[str, Any]:
    """What our package makes of a call: the same request, or a refusal, but for the differences that have a name."""
    expected = {name: row[name] for name in ("method", "path", "body") if name in row}
    refused = "raises" in row
    for difference in of(row["call"]):
        if "refused" in difference:
            refused = difference["refused"]
            expected = {} if refused else expected
        body = expected.get("body")
        for path in difference.get("without", []):
            inner, name = member(body, path)
            inner.pop(name, None)
        for path, value in difference.get("with", {}).items():
            inner, name = member(body, path)
            inner[name] = value
    return {**expected, "refused": refused}


def of(call: str) -> list[dict[str, Any]]:
    return [difference for difference in DIFFERENCES if call in difference["calls"]]


def member(body: Any, path: str) -> tuple[Any, str]:
    *outer, name = path.split(".")
    for part in outer:
        body = body[part]
    return body, name


def as_text(row: dict[str, Any]) -> str:
    """Numbers and all: 1 is not 1.0."""
    return json.dumps(row, sort_keys=True)


def test_each_row_has_its_call_and_each_difference_its_rows() -> None:
    calls = [row["call"] for row in ROWS]
    assert calls == list(CALLS)
    assert all(difference["reason"] and set(difference["calls"]) <= set(calls) for difference in DIFFERENCES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["call"])
def test_the_official_package_does_what_the_file_says(service: Recorder, row: dict[str, Any]) -> None:
    client = activitysmith.ActivitySmith("ask_test_1")
    # The four parts share one client inside, which has no public setting for this.
    client.live_activities._api.api_client.configuration.host = service.base_url
    assert as_text(made(service, client, row["call"])) == as_text(row)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["call"])
def test_ours_does_the_same_but_for_what_is_named(service: Recorder, row: dict[str, Any]) -> None:
    with activitysmith_kit.ActivitySmith("ask_test_1", base_url=service.base_url) as client:
        outcome = made(service, client, row["call"])
    assert outcome.get("raises") in (None, "ValidationError")
    sent = {name: outcome[name] for name in ("method", "path", "body") if name in outcome}
    ours = {**sent, "refused": "raises" in outcome}
    assert as_text(ours) == as_text(ours_should_be(json.loads(as_text(row))))
    without_differences = {**{name: row[name] for name in sent if name in row}, "refused": "raises" in row}
    assert bool(of(row["call"])) == (as_text(ours) != as_text(without_differences))
