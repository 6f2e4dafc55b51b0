"""The key shows nowhere: not in what objects print or hold, not in exceptions and their frames, not in the log."""

from __future__ import annotations

import copy
import gc
import logging
import pickle
import traceback
from pathlib import Path
from typing import Any

import pytest
from activitysmith_kit import ActivitySmith, ActivitySmithError, AsyncActivitySmith, ConfigError, Progress
from support import Service

SECRET = "ask_test_5ecret0"


def shown(error: BaseException) -> str:
    """All that a report of an exception could show, with what each frame holds."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    chained = (error.__cause__, error.__context__)
    return "".join([*report.format(), repr(error), repr(vars(error)), repr(chained)])


@pytest.mark.parametrize("client", [ActivitySmith, AsyncActivitySmith])
def test_a_client_shows_no_key(service: Service, client: Any) -> None:
    made = client(SECRET, base_url=service.base_url)
    assert repr(made) == str(made) == f"<{client.__name__}>"
    for held in (vars(made), vars(made.live_activities), vars(made._native)):
        assert SECRET not in repr(held)
    reachable, queue = set(), [made]
    while queue:
        for inner in gc.get_referents(queue.pop()):
            # Not through classes and modules, from where all of Python can be reached.
            if id(inner) not in reachable and not isinstance(inner, (type, type(gc))):
                reachable.add(id(inner))
                assert not (isinstance(inner, (str, bytes)) and SECRET in str(inner))
                if not callable(inner):
                    queue.append(inner)


@pytest.mark.parametrize("client", [ActivitySmith, AsyncActivitySmith])
def test_a_client_is_neither_pickled_nor_copied(service: Service, client: Any) -> None:
    made = client(SECRET, base_url=service.base_url)
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="create one in each process") as raised:
            attempt(made)
        assert SECRET not in shown(raised.value)


class Unspeakable:
    """Neither a path nor a time."""

    def __fspath__(self) -> str:
        raise ValueError("no path")

    def total_seconds(self) -> float:
        raise ValueError("no time")


@pytest.mark.parametrize(
    ("settings", "raises"),
    [
        ({"api_key_file": 7}, ConfigError),
        ({"api_key_file": b"/k"}, ConfigError),
        ({"api_key_file": Path}, ConfigError),
        ({"api_key_file": Unspeakable()}, ValueError),
        ({"timeout": Unspeakable()}, ValueError),
        ({"connect_timeout": Unspeakable()}, ValueError),
    ],
)
def test_settings_of_odd_types_show_no_key(settings: dict[str, Any], raises: type[Exception]) -> None:
    error = made_badly(settings)
    assert isinstance(error, raises)
    assert SECRET not in shown(error)
    if isinstance(error, ConfigError):
        assert error.setting == "api_key_file"


def made_badly(settings: dict[str, Any]) -> Exception:
    with pytest.raises(Exception) as raised:  # noqa: PT011
        ActivitySmith(SECRET, **settings)
    return raised.value


def fails(**settings: Any) -> ActivitySmithError:
    # In a function of its own, so that this test's own frame does not hold the key.
    with pytest.raises(ActivitySmithError) as raised:
        ActivitySmith(SECRET, **settings).live_activities.stream("k", Progress("T", percentage=1))
    return raised.value


@pytest.mark.parametrize(
    "settings",
    [{"base_url": "http://example.com/api"}, {"timeout": 0}, {"timeout": {1}}, {"base_url": "http://127.0.0.1:1/api"}],
)
def test_exceptions_and_their_frames_show_no_key(settings: dict[str, Any]) -> None:
    error = fails(max_retries=0, **settings)
    assert SECRET not in shown(error)
    assert SECRET not in repr(pickle.dumps(error))


@pytest.mark.parametrize(
    "key", [f"{SECRET}\n{SECRET}", pytest.param(f"{SECRET}\ud800", id="half a surrogate pair"), f" {SECRET} x"]
)
def test_a_key_that_cannot_be_is_not_shown(service: Service, key: str) -> None:
    with pytest.raises(ConfigError) as raised:
        ActivitySmith(key, base_url=service.base_url).live_activities.end_stream("k")
    report = traceback.TracebackException.from_exception(raised.value)
    frames = list(traceback.walk_tb(raised.value.__traceback__))[1:]
    assert frames
    for frame, _ in frames:
        assert SECRET not in repr(frame.f_locals)
    assert SECRET not in "".join(report.format())


def test_an_answer_that_repeats_the_key_is_cleaned(service: Service) -> None:
    service.replies(401, {"error": "Unauthorized", "message": f"no such key: {SECRET}"})
    assert SECRET not in shown(fails(base_url=service.base_url))


def test_a_success_that_spells_the_key_in_another_way_is_cleaned(service: Service) -> None:
    spelled = SECRET.replace("_", "\\u005f")
    service.replies(200, f'{{"operation": "updated", "warning": "{spelled}", "news": [{{"{spelled}": "{spelled}"}}]}}')
    response = ActivitySmith(SECRET, base_url=service.base_url).live_activities.end_stream("k")
    assert response.warning == "[redacted]"
    assert response.extra == {"news": [{"[redacted]": "[redacted]"}]}


def test_the_log_shows_no_key(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = ActivitySmith(SECRET, base_url=service.base_url)
    client.live_activities.stream("k", Progress("T", percentage=1))
    service.replies(401, {"message": SECRET})
    with pytest.raises(ActivitySmithError):
        client.live_activities.stream("k", Progress("T", percentage=1))
    with pytest.raises(ActivitySmithError):
        client.live_activities.stream(SECRET, Progress("T", percentage=1))
    assert len(caplog.records) == 3
    assert SECRET not in caplog.text
