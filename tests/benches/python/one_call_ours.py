"""A whole program: import, construct, one call, exit."""

from activitysmith_kit import ActivitySmith

client = ActivitySmith()
client.live_activities.stream("one-call", title="Search Reindex", subtitle="catalog-v2", type="progress", percentage=42)
