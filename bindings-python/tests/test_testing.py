"""The fixtures of `activitysmith_kit.testing`, as a project that uses them would."""

from __future__ import annotations

import pytest
from activitysmith_kit import Progress, Unauthorized
from activitysmith_kit.testing import Account, Emulator


def test_each_test_has_an_account_of_its_own(activitysmith: Account, activitysmith_emulator: Emulator) -> None:
    activitysmith.client().live_activities.stream("k", Progress("T", percentage=42))
    assert activitysmith.stream("k")["content_state"]["percentage"] == 42
    assert [stream["stream_key"] for stream in activitysmith.streams()] == ["k"]
    assert [request["method"] for request in activitysmith.requests()] == ["PUT"]
    other = activitysmith_emulator.account()
    assert (other.streams(), other.requests()) == ([], [])
    with pytest.raises(LookupError, match="there is no stream with this key"):
        other.stream("k")


def test_an_account_can_be_set_up(activitysmith: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    activitysmith.set_up(revoked=True)
    with pytest.raises(Unauthorized):
        activitysmith.client().live_activities.stream("k", Progress("T", percentage=42))


def test_a_user_can_dismiss_pause_and_resume(activitysmith: Account) -> None:
    live_activities = activitysmith.client().live_activities
    live_activities.stream("k", Progress("T", percentage=1))
    activitysmith.dismiss("k")
    assert activitysmith.stream("k")["state"] == "idle"
    live_activities.stream("k", Progress("T", percentage=2))
    activitysmith.pause("k")
    assert activitysmith.stream("k")["state"] == "paused"
    activitysmith.resume("k")
    assert activitysmith.stream("k")["state"] == "idle"


def test_a_program_finds_its_account_by_variables(activitysmith: Account) -> None:
    assert activitysmith.environment == {
        "ACTIVITYSMITH_BASE_URL": activitysmith.base_url,
        "ACTIVITYSMITH_API_KEY": activitysmith.api_key,
    }


def test_an_emulator_stops_and_frees_its_port() -> None:
    with Emulator("--limits", "none") as emulator:
        assert emulator.request("GET", "/health")["status"] == "ok"
    emulator.stop()
    with pytest.raises(ConnectionError):
        emulator.request("GET", "/health")


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASMITH", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FileNotFoundError, match="asmith is not on the PATH"):
        Emulator()
    with pytest.raises(RuntimeError, match="did not say where it listens"):
        Emulator(program="/bin/true")
