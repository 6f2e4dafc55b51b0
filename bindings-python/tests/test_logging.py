"""The log: one logger, silent by default, and no cost to a program that does not log."""

from __future__ import annotations

import logging

import pytest
from activitysmith_kit import Progress, ServerError
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
    assert told[2][2] == "server_error: the service is in trouble (status 503)"


def test_advice_is_a_warning(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    service.replies(200, {"operation": "updated", "stream_key": "backup"})
    response = service.client().live_activities.stream("backup", title="T", percentage=1, alert={"title": "Half way"})
    warned = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warned == [f"backup: {advice}" for advice in response.facts.advice]


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
