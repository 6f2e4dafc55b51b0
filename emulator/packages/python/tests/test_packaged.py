"""The wheel beside that of the kit, with no other `asmith` in reach, as a project that uses both would have them."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from importlib.metadata import version
from pathlib import Path

from activitysmith_kit import Progress
from activitysmith_kit.testing import Account

ASMITH = Path(sysconfig.get_path("scripts"), "asmith")


def test_the_fixtures_find_the_wheels_program(activitysmith: Account) -> None:
    # Else the test would be of that one.
    assert "ASMITH_BIN" not in os.environ
    assert not os.environ["PATH"]
    answer = activitysmith.client().live_activities.stream("nightly-backup", Progress("Backup", percentage=42))
    assert answer.operation == "started"
    assert activitysmith.stream("nightly-backup")["content_state"]["percentage"] == 42


def test_the_program_lies_beside_python_and_is_of_the_wheels_version() -> None:
    printed = subprocess.run([ASMITH, "--version"], capture_output=True, text=True, check=True).stdout
    assert printed == f"asmith {version('activitysmith-kit-emulator')}\n"
