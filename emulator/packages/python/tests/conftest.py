"""The fixtures, as a project that uses them names them."""

from __future__ import annotations

pytest_plugins = ["activitysmith_kit.testing"]
