"""Settings: arguments, the environment, files, limits of one call, and the switch that makes everything inert."""

from __future__ import annotations

import datetime
import inspect
import json
import os
import threading
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from activitysmith_kit import (
    ActivitySmith,
    AsyncActivitySmith,
    ConfigError,
    Progress,
    Publisher,
    ServerError,
    TimeoutError,
)
from activitysmith_kit._request import CALL, PUBLISHING, PUSHES
from support import API_KEY, NO_DURATIONS, ODD_DURATIONS, Service, in_short

STATE = Progress("Backup", percentage=42)


def authorization(service: Service) -> str:
    return service.requests[-1].headers["authorization"]


def test_every_option_of_the_core_is_there() -> None:
    schema = (Path(__file__).parents[2] / "core/schema.json").read_text(encoding="utf-8")
    options = {
        group: {
            option["name"]: option["name"] + ("_seconds" if option["type"]["kind"] == "seconds" else "")
            for option in described["fields"]
        }
        for group, described in json.loads(schema)["options"].items()
    }
    assert inspect.signature(ActivitySmith).parameters.keys() == options["client"].keys()
    assert inspect.signature(ActivitySmith.with_options).parameters.keys() == {"self", *options["call"]}
    assert (options["call"], options["publish"]) == (CALL, {**PUBLISHING, **{name: name for name in PUSHES}})
    assert options["change"].keys() <= inspect.signature(Publisher.replace).parameters.keys()
    assert inspect.signature(Publisher.flush).parameters.keys() == {"self", *options["flush"]}


def test_from_the_environment(service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ACTIVITYSMITH_BASE_URL", service.base_url)
    monkeypatch.setenv("ACTIVITYSMITH_API_KEY", "ask_test_environment")
    ActivitySmith().live_activities.stream("k", STATE)
    assert authorization(service) == "Bearer ask_test_environment"
    ActivitySmith("ask_test_argument").live_activities.stream("k", STATE)
    assert authorization(service) == "Bearer ask_test_argument"
    file = tmp_path / "key"
    file.write_text("ask_test_file\n")
    ActivitySmith(api_key_file=file).live_activities.stream("k", STATE)
    assert authorization(service) == "Bearer ask_test_file"
    monkeypatch.delenv("ACTIVITYSMITH_API_KEY")
    monkeypatch.setenv("ACTIVITYSMITH_API_KEY_FILE", str(file))
    ActivitySmith().live_activities.stream("k", STATE)
    assert authorization(service) == "Bearer ask_test_file"


@pytest.mark.parametrize("how", ["variable", "file of a variable"])
def test_white_space_around_a_key_is_not_of_it(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, how: str
) -> None:
    monkeypatch.setenv("ACTIVITYSMITH_BASE_URL", f"{service.base_url}\n")
    for text in ("ask_test_1\n", "ask_test_1\r\n", " ask_test_1\t\n\n"):
        file = tmp_path / "key"
        file.write_bytes(text.encode())
        if how == "variable":
            monkeypatch.setenv("ACTIVITYSMITH_API_KEY", text)
        else:
            monkeypatch.setenv("ACTIVITYSMITH_API_KEY_FILE", f"{file}\n")
        with ActivitySmith().live_activities.publish("k", STATE) as live:
            assert live.flush()
        assert live.problem is None
        assert authorization(service) == "Bearer ask_test_1"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_key_file_that_would_keep_its_reader_waiting_is_refused(service: Service, tmp_path: Path) -> None:
    pipe = tmp_path / "key"
    os.mkfifo(pipe)
    for file, problem in ((pipe, "no whole text came"), (tmp_path, "not a regular"), ("/dev/zero", "not a regular")):
        client = ActivitySmith(api_key_file=file, base_url=service.base_url)
        with pytest.raises(ConfigError, match=f"cannot be read: .*{problem}") as raised:
            client.live_activities.stream("k", STATE)
        assert raised.value.setting == "api_key_file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_key_file_may_be_a_pipe(service: Service, tmp_path: Path) -> None:
    pipe = tmp_path / "key"
    os.mkfifo(pipe)
    # Waits for its reader.
    writer = threading.Thread(target=pipe.write_text, args=("ask_test_pipe\n",), daemon=True)
    writer.start()
    ActivitySmith(api_key_file=pipe, base_url=service.base_url).live_activities.stream("k", STATE)
    writer.join()
    assert authorization(service) == "Bearer ask_test_pipe"


def test_a_missing_key_shows_at_the_first_call(service: Service) -> None:
    client = ActivitySmith(base_url=service.base_url)
    with pytest.raises(ConfigError, match="ACTIVITYSMITH_API_KEY is not set") as raised:
        client.live_activities.stream("k", STATE)
    assert (raised.value.kind, raised.value.is_transient, raised.value.attempts) == ("config", False, 0)


@pytest.mark.parametrize(
    ("settings", "setting"),
    [
        ({"base_url": "http://example.com/api"}, "base_url"),
        ({"base_url": "nonsense"}, "base_url"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": -1}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"timeout": "3"}, "timeout"),
        ({"timeout": True}, "timeout"),
        ({"connect_timeout": 0}, "connect_timeout"),
        ({"max_retries": -1}, "max_retries"),
        ({"max_retries": 1.5}, "max_retries"),
        ({"api_key": b"ask_test_1"}, "api_key"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any], setting: str) -> None:
    for client in (ActivitySmith, AsyncActivitySmith):
        with pytest.raises(ConfigError) as raised:
            client(**{"api_key": "ask_test_1", **settings})
        assert raised.value.setting == setting
        assert str(raised.value) == f"{setting} {raised.value.problem}"


@pytest.mark.parametrize("options", [{"timeout": 0}, {"timeout": "3"}, {"timeout": float("inf")}, {"max_retries": -1}])
def test_limits_of_one_call_that_cannot_be_are_refused(service: Service, options: dict[str, Any]) -> None:
    client = service.client()
    for call in (client, client.with_options(**options)):
        with pytest.raises(ConfigError) as raised:
            call.live_activities.stream("k", STATE, **(options if call is client else {}))
        assert raised.value.setting == next(iter(options))
    assert service.requests == []


def test_limits_of_the_client_of_some_calls_and_of_one(service: Service) -> None:
    service.replies(503, {})
    client = service.client(max_retries=1, timeout=datetime.timedelta(seconds=30))
    some = client.with_options(max_retries=0)
    tried = []
    for call in (client, some, some.with_options(timeout=20)):
        with pytest.raises(ServerError) as raised:
            call.live_activities.stream("k", STATE)
        tried.append(raised.value.attempts)
    with pytest.raises(ServerError) as raised:
        client.live_activities.end_stream("k", max_retries=0, timeout=5.5)
    assert [*tried, raised.value.attempts] == [2, 1, 1, 1]


def test_a_timedelta_limits_a_call(service: Service) -> None:
    service.silent = True
    with pytest.raises(TimeoutError, match=r"within 0\.05 s"):
        service.client().live_activities.stream("k", STATE, timeout=datetime.timedelta(milliseconds=50))


@pytest.mark.parametrize("duration", [*ODD_DURATIONS, *NO_DURATIONS], ids=in_short)
def test_a_duration_that_cannot_be_is_refused(service: Service, duration: Any) -> None:
    client: Any = service.client()
    refused: list[Any] = [
        lambda: service.client(timeout=duration),
        lambda: service.client(connect_timeout=duration),
        lambda: service.async_client(timeout=duration),
        lambda: client.live_activities.stream("k", STATE, timeout=duration),
        lambda: client.with_options(timeout=duration).live_activities.end_stream("k"),
    ]
    for call in refused:
        with pytest.raises(ConfigError) as raised:
            call()
        assert raised.value.setting in ("timeout", "connect_timeout")
    assert service.requests == []


@pytest.mark.parametrize("seconds", [Decimal("0.05"), Fraction(1, 20)])
def test_a_duration_may_be_any_number(service: Service, seconds: Any) -> None:
    service.silent = True
    with pytest.raises(TimeoutError, match=r"within 0\.05 s"):
        service.client(timeout=seconds).live_activities.end_stream("k")


def test_disabled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTIVITYSMITH_DISABLED", "1")
    response = ActivitySmith(base_url="nonsense").live_activities.stream("k", STATE)
    assert (response.operation, response.stream_key, response.facts.attempts) == ("disabled", "k", 0)


def test_requests_say_who_sent_them(service: Service) -> None:
    service.client().live_activities.stream("k", STATE)
    agent = service.requests[0].headers["user-agent"]
    assert authorization(service) == f"Bearer {API_KEY}"
    assert "python" in agent
