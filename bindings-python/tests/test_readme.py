"""What the README shows does what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from activitysmith_kit import ActivitySmith, Progress, errors, jobs
from activitysmith_kit.testing import Account

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
FIRST, PUBLISHING, CALLS, OTHERS, CONFTEST, SCRIPT = BLOCKS


@pytest.fixture(autouse=True)
def _account_of_the_environment(activitysmith: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in activitysmith.environment.items():
        monkeypatch.setenv(name, value)


def run(block: str, **names: Any) -> dict[str, Any]:
    exec(compile(block, "README.md", "exec"), names)
    return names


def test_the_first_program_publishes_a_state_and_a_loop(
    activitysmith: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    run(FIRST)
    assert capsys.readouterr().out == "arrived\na\nb\nc\n"
    for key in ("search-reindex", "nightly-backup"):
        assert activitysmith.stream(key)["state"] == "ended"
        assert activitysmith.stream(key)["content_state"]["percentage"] == 100


def test_what_a_publisher_can_do_is_shown(activitysmith: Account) -> None:
    jobs._of_the_environment.cache_clear()
    run(PUBLISHING)["main"]()
    assert activitysmith.stream("deploy")["content_state"]["current_step"] == 3
    assert activitysmith.stream("deploy")["tags"] == ["nightly"]
    assert activitysmith.stream("nightly-backup")["state"] == "ended"


def test_the_three_forms_show_the_same_state(activitysmith: Account) -> None:
    run(CALLS, client=ActivitySmith(), Progress=Progress)
    sent = [request["body"]["content_state"] for request in activitysmith.requests()]
    assert sent == [{"title": "Backup", "type": "progress", "percentage": percentage} for percentage in (42, 43, 44)]


def test_the_other_calls_are_answered(activitysmith: Account) -> None:
    run(OTHERS, client=ActivitySmith(), Progress=Progress)
    assert [request["status"] for request in activitysmith.requests()] == 8 * [200]


def test_the_test_it_shows_passes_for_a_job_that_reports_itself(activitysmith: Account) -> None:
    def run_job(client: ActivitySmith) -> None:
        client.live_activities.stream("nightly-backup", Progress("Backup", percentage=100))

    names = run(CONFTEST, run_job=run_job)
    assert names["pytest_plugins"] == ["activitysmith_kit.testing"]
    names["test_the_job_reports_itself"](activitysmith)


def test_the_script_it_shows_runs() -> None:
    assert "emulator" in run(SCRIPT)


def test_the_tree_of_failures_is_the_one_that_there_is() -> None:
    tree = README[README.index("    ActivitySmithError  ") : README.index("## Coming from")]
    shown = set(re.findall(r"\b[A-Z][A-Za-z]+\b", re.sub(r"\(.*?\)", "", tree)))
    classes = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.ActivitySmithError)
    }
    assert shown == classes


def test_every_keyword_beside_a_state_is_shown() -> None:
    from activitysmith_kit import types

    keywords = {
        *types.StreamOptions.__annotations__,
        *types.EndOptions.__annotations__,
        *types.StateExtra.__annotations__,
    }
    for keyword in keywords - {"target"}:
        assert f"`{keyword}`" in README
