"""The log: one logger, silent by default, and no cost to a program that does not log."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from activitysmith_kit import ActivitySmithError, Progress, ServerError, _native
from support import Service, run

STATE = Progress("Backup", percentage=42)


def test_answers_and_failures_are_told_to_who_asks(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "activitysmith_kit")
    client = service.client(max_retries=0)
    service.replies(200, {"operation": "updated", "stream_key": "backup", "warning": "many updates"})
    client.live_activities.stream("backup", STATE)
    service.replies(503, {})
    with pytest.raises(ServerError):
        client.live_activities.stream("backup", STATE)
    told = [(record.name, record.levelname, record.getMessage()) for record in caplog.records]
    assert {name for name, _, _ in told} == {"activitysmith_kit"}
    assert [level for _, level, _ in told] == ["WARNING", "DEBUG", "DEBUG"]
    assert told[0][2] == "backup: many updates"
    assert told[1][2].startswith("backup: updated (status: 200, attempts: 1, ")
    assert told[2][2] == "backup: server_error: the service is in trouble (status 503)"


@pytest.mark.parametrize("how", ["sync", "async"])
def test_what_never_reached_the_service_is_told_too(
    service: Service, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    caplog.set_level(logging.DEBUG, "activitysmith_kit")
    client: Any = service.client() if how == "sync" else service.async_client()

    def panics(*_: object) -> bytes:
        raise _native.InternalError("index out of bounds")

    def end() -> None:
        call = client.live_activities.end_stream("k")
        if how == "async":
            asyncio.run(call)

    with monkeypatch.context() as patch:
        patch.setattr(type(client._native), "call" if how == "sync" else "start", panics)
        with pytest.raises(ActivitySmithError):
            end()
    client.close()
    with pytest.raises(ActivitySmithError):
        end()
    assert [record.getMessage() for record in caplog.records] == [
        "internal: the kit failed by a defect of its own: index out of bounds",
        "config: client is closed; make a new one",
    ]


def test_advice_is_a_warning(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    service.replies(200, {"operation": "updated", "stream_key": "backup"})
    response = service.client().live_activities.stream(
        "backup",
        title="T",
        type="segmented_progress",
        number_of_steps=4,
        current_step=3,
        step_colors=["green"],
    )
    assert response.facts.advice
    warned = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warned == [f"backup: {advice}" for advice in response.facts.advice]


def test_a_log_that_another_thread_is_still_importing_is_waited_for(service: Service) -> None:
    program = """
import importlib.util, sys, threading

began, go_on = threading.Event(), threading.Event()

class Slow(importlib.util.find_spec("logging").loader.__class__):
    def exec_module(self, module):
        began.set()
        go_on.wait(20)
        super().exec_module(module)

class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "logging":
            spec = found
            spec.loader = Slow("logging", spec.origin)
            return spec

found = importlib.util.find_spec("logging")
sys.meta_path.insert(0, Finder)
thread = threading.Thread(target=__import__, args=("logging",))
thread.start()
began.wait(20)
threading.Timer(0.05, go_on.set).start()
from activitysmith_kit import ActivitySmith
print(ActivitySmith().live_activities.stream("k", title="T", percentage=1).operation)
thread.join()
"""
    done = run(program, service.environment)
    assert (done.stdout, done.stderr) == ("updated\n", "")


@pytest.mark.parametrize("imports", ["", "import logging"])
def test_it_is_silent_by_default(service: Service, imports: str) -> None:
    service.replies(200, {"operation": "updated", "warning": "many updates"})
    program = f"""
{imports}
import sys
from activitysmith_kit import ActivitySmith, Progress
ActivitySmith().live_activities.stream("k", Progress("T", percentage=1))
assert ("logging" in sys.modules) == bool({imports!r})
"""
    done = run(program, service.environment)
    assert (done.stdout, done.stderr) == ("", "")
