"""The same program as `one_call_ours.py`, with the official SDK."""

import os

from activitysmith import ActivitySmith

client = ActivitySmith(os.environ["ACTIVITYSMITH_API_KEY"])
# It has no setting for the base URL.
client.live_activities._api.api_client.configuration.host = os.environ["ACTIVITYSMITH_BASE_URL"]
client.live_activities.stream("one-call", title="Search Reindex", subtitle="catalog-v2", type="progress", percentage=42)
