"""A program that uses the whole of the official SDK, with it and with ours."""

from __future__ import annotations

import ast
import os
import runpy
import subprocess
import sys
from pathlib import Path

import activitysmith
import pytest
from activitysmith_kit.testing import Account
from conftest import official_client

PROGRAM = Path(__file__).with_name("every_method.py")


def test_it_uses_every_name() -> None:
    client = activitysmith.ActivitySmith("ask_test_1")
    parts = (client, client.notifications, client.live_activities, client.metrics)
    public = {name for part in parts for name in dir(part) if not name.startswith("_")} - {"api_key"}
    tree = list(ast.walk(ast.parse(PROGRAM.read_text(encoding="utf-8"))))
    assert public <= {node.attr for node in tree if isinstance(node, ast.Attribute)}
    imported = {alias.name for node in tree if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert imported == set(activitysmith.__all__)


def test_it_runs_with_the_official_sdk(activitysmith: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTIVITYSMITH_API_KEY", activitysmith.api_key)
    monkeypatch.setattr("activitysmith.ActivitySmith", lambda api_key: official_client(activitysmith))
    runpy.run_path(str(PROGRAM))
    assert {request["status"] for request in activitysmith.requests()} == {200}


def test_it_runs_with_ours_and_another_import(tmp_path: Path) -> None:
    program = PROGRAM.read_text(encoding="utf-8").replace("from activitysmith import", "from activitysmith_kit import")
    moved = tmp_path / "program.py"
    moved.write_text(program, encoding="utf-8")
    command = [os.environ["ASMITH_BIN"], "--quiet", "emulate", "--exec", "--", sys.executable, str(moved)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
