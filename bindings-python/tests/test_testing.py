"""The fixtures of `activitysmith_kit.testing`, as a project that uses them would."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from activitysmith_kit import Progress, Unauthorized, emulator
from activitysmith_kit.testing import Account, Emulator
from support import run


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
    monkeypatch.delenv("ASMITH_BIN", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FileNotFoundError, match="not on the PATH; `pip install activitysmith-kit-emulator` brings it"):
        Emulator()
    with pytest.raises(RuntimeError, match="did not say where it listens"):
        Emulator(program="/bin/true")


def test_a_program_needs_no_pytest() -> None:
    program = """
import sys
sys.modules["pytest"] = None
from activitysmith_kit.emulator import Emulator
with Emulator() as emulator:
    account = emulator.account()
    account.client().live_activities.stream("k", title="T", type="progress", percentage=42)
    print(account.stream("k")["content_state"]["percentage"])
"""
    done = run(program, {})
    assert (done.stdout, done.stderr) == ("42\n", "")


def script(folder: Path, text: str) -> str:
    """A program in the place of `asmith`."""
    file = folder / "asmith"
    file.write_text(f"#!{sys.executable}\n{text}")
    file.chmod(0o755)
    return str(file)


def test_one_that_says_nothing_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emulator, "_PATIENCE", 0.2)
    stubborn = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)"
    with pytest.raises(RuntimeError, match="did not say where it listens, but ''"):
        Emulator(program=script(tmp_path, stubborn))


def test_one_that_does_not_stop_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stubborn = """import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("listening on http://127.0.0.1:1/api", flush=True)
time.sleep(60)"""
    started = Emulator(program=script(tmp_path, stubborn))
    monkeypatch.setattr(emulator, "_PATIENCE", 0.2)
    started.stop()
    assert started._process.returncode == -signal.SIGKILL


def test_ctrl_c_while_it_starts_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[str]] = []

    def interrupted(self: Emulator) -> str:
        started.append(self._process)
        raise KeyboardInterrupt

    monkeypatch.setattr(Emulator, "_greeting", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Emulator(program=script(tmp_path, "import time\ntime.sleep(60)"))
    assert started[0].returncode == -signal.SIGTERM
