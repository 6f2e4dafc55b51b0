"""Makes as many calls as each line of stdin asks for, over one kept connection, and answers with what they took.

`calls.py ours` or `calls.py official`. The answer is one line: the seconds that passed, and those of CPU time.
"""

from __future__ import annotations

import os
import sys
import time

key, base_url = os.environ["ACTIVITYSMITH_API_KEY"], os.environ["ACTIVITYSMITH_BASE_URL"]
if sys.argv[1] == "ours":
    from activitysmith_kit import ActivitySmith

    client = ActivitySmith()
else:
    from activitysmith import ActivitySmith

    client = ActivitySmith(key)
    # It has no setting for the base URL.
    client.live_activities._api.api_client.configuration.host = base_url

stream = client.live_activities.stream
for line in sys.stdin:
    began, used = time.perf_counter(), time.process_time()
    for number in range(int(line)):
        # Each differs from the last, so that each is an update.
        stream("calls", title="Search Reindex", subtitle="catalog-v2", type="progress", percentage=number % 100)
    print(time.perf_counter() - began, time.process_time() - used, flush=True)
