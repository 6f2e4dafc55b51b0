"""Holds a running emulator against its two OpenAPI documents, with requests that schemathesis makes up.

Run by `cargo xtask test emulator`, which starts the emulator and says in the environment where it is. The same requests
are made each time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request

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


def stream(stream_key: str, state: dict[str, object]) -> None:
    """Starts a stream."""
    body = json.dumps({"content_state": state}).encode()
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    url = f"{API}/live-activity/stream/{stream_key}"
    urllib.request.urlopen(urllib.request.Request(url, body, headers, method="PUT")).close()


# The control document's example of a picture is of this one.
stream("nightly-backup", {"title": "Nightly backup", "type": "progress", "percentage": 42})
found = [
    conforms(f"{CONTROL}/openapi.json", API, [*CHECKS, "negative_data_rejection", "ignored_auth"]),
    # The events have no end to wait for.
    conforms(f"{CONTROL}/control.openapi.json", CONTROL, CHECKS, "--exclude-path", "/events"),
]
sys.exit(0 if all(found) else 1)
