"""Holds a running emulator against its two OpenAPI documents, with requests that schemathesis makes up.

Run by `cargo xtask test emulator`, which starts the emulator and says in the environment where it is. The same requests
are made each time.
"""

from __future__ import annotations

import os
import subprocess
import sys

API = os.environ["ACTIVITYSMITH_BASE_URL"]
CONTROL = API[: -len("/api")] + "/_emulator"
KEY = os.environ["ACTIVITYSMITH_API_KEY"]

# Whether a request that fits the schemas is accepted is not asked: further rules span fields, and depend on the state.
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "missing_required_header",
    "unsupported_method",
]


def conforms(document: str, url: str, checks: list[str], *arguments: str) -> bool:
    """Whether nothing was found."""
    print(f"schemathesis: {document}", flush=True)
    command = [sys.executable, "-m", "schemathesis.cli", "run", document, "--url", url]
    command += ["--checks", ",".join(checks), "--max-examples", "60", "--seed", "7", "--generation-database", "none"]
    command += ["--header", f"Authorization: Bearer {KEY}", "--request-timeout", "20", "--no-color", *arguments]
    return subprocess.run(command, check=False).returncode == 0


found = [
    conforms(f"{CONTROL}/openapi.json", API, [*CHECKS, "negative_data_rejection", "ignored_auth"]),
    # The events have no end to wait for.
    conforms(f"{CONTROL}/control.openapi.json", CONTROL, CHECKS, "--exclude-path", "/events"),
]
sys.exit(0 if all(found) else 1)
