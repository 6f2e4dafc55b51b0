"""The log: one logger, silent by default, and no cost to a program that does not log."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from activitysmith_kit import ActivitySmith, Progress, ServerError, ValidationError
from support import NOBODY, Service, run

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
    assert told[0][2] == "backup: the service warns: many updates"
    assert told[1][2].startswith("backup: updated (status: 200, attempts: 1, ")
    assert told[2][2] == "backup: server_error: the service is in trouble (status 503)"


@pytest.mark.parametrize("how", ["sync", "async"])
def test_what_never_reached_the_service_is_told_too(
    service: Service, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    caplog.set_level(logging.DEBUG, "activitysmith_kit")
    client: Any = service.client() if how == "sync" else service.async_client()

    def end() -> None:
        call = client.live_activities.end_stream("nightly backup")
        if how == "async":
            asyncio.run(call)

    with pytest.raises(ValidationError):
        end()
    (line,) = [record.getMessage() for record in caplog.records if record.name == "activitysmith_kit"]
    assert line.startswith("validation: nothing was sent: stream_key contains ' '")


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


class TestALineThatCannotBeWritten:
    @pytest.fixture(params=["handler", "filter"])
    def tried(self, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
        """The lines that a log was given which fails for each."""
        lines: list[str] = []

        class Broken(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                lines.append(record.getMessage())
                raise OSError("no space left on device")

            def filter(self, record: logging.LogRecord) -> bool:
                self.emit(record)
                return True

        logger, broken = logging.getLogger("activitysmith_kit"), Broken()
        add, remove = (
            (logger.addHandler, logger.removeHandler)
            if request.param == "handler"
            else (logger.addFilter, logger.removeFilter)
        )
        caplog.set_level(logging.DEBUG, logger.name)
        add(broken)
        yield lines
        remove(broken)

    def test_breaks_no_call(self, service: Service, tried: list[str]) -> None:
        client = service.client(max_retries=0)
        service.replies(200, {"operation": "updated", "warning": "many updates"})
        assert client.live_activities.stream("k", STATE).warning == "many updates"
        service.replies(503, {})
        with pytest.raises(ServerError):
            client.live_activities.stream("k", STATE)
        assert [line.split(" ")[1] for line in tried] == ["the", "updated", "server_error:"]

    def test_breaks_no_job(self, service: Service, tried: list[str]) -> None:
        with ActivitySmith(base_url=NOBODY).live_activities.publish("k", STATE) as live:
            live.update(percentage=1)
        with service.client().live_activities.publish("k", STATE) as live:
            assert live.flush()
        assert tried[-2:] == ["k: updated", "k: the stream has ended with its last state"]
        assert tried[0].startswith("nothing is published: ")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
    @pytest.mark.parametrize("stderr", ["2>&-", "2>/dev/full", "2>/dev/null"])
    @pytest.mark.parametrize("log", ["", "logging.basicConfig(level=10)", "sys.stderr = None; logging.basicConfig()"])
    def test_changes_no_exit_code(self, service: Service, stderr: str, log: str) -> None:
        program = f"""
import logging, sys
{log}
from activitysmith_kit import ActivitySmith, Progress, job

state = Progress("T", percentage=1)

def leave_one_behind(client):
    client.live_activities.publish("left", state)

for settings in ({{}}, {{"api_key": "ask_test_1", "base_url": {service.base_url!r}}}):
    client = ActivitySmith(**settings)
    with client.live_activities.publish("k", state) as live:
        live.update(percentage=2)
    leave_one_behind(client)

@job("a b" + str(3), title="T")
def main():
    print("over")

main()
"""
        # Python itself ends with 120 where what a handler has left in the buffer of stderr cannot be written.
        command = [sys.executable, *(["-u"] if log else []), "-c", program]
        done = subprocess.run(
            ["sh", "-c", f'exec "$@" {stderr}', "sh", *command], env={}, stdout=subprocess.PIPE, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, "over\n")
