"""Push notifications, in all the forms that a caller may give."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from activitysmith_kit import (
    NotFound,
    OpenUrl,
    Push,
    PushInterruptionLevel,
    PushReplacement,
    ValidationError,
    Webhook,
    types,
)
from activitysmith_kit.testing import Account
from support import Service

OPEN: Any = {"title": "Log", "type": "open_url", "url": "https://ci.example.com/17"}
RETRY: Any = {"title": "Retry", "type": "webhook", "url": "https://ci.example.com/retry", "method": "POST"}


def test_one_is_sent_and_replaced(activitysmith: Account) -> None:
    notifications = activitysmith.client().notifications
    sent = notifications.send("Backup failed", message="disk 3", interruption_level=PushInterruptionLevel.PASSIVE)
    assert (sent.success, sent.devices_notified) == (True, 1)
    replaced = notifications.replace(sent.notification_id or "", "Backup done", tags=[])
    assert replaced.notification_id == sent.notification_id
    assert [(request["method"], request["body"]) for request in activitysmith.requests()] == [
        ("POST", {"title": "Backup failed", "message": "disk 3", "interruption_level": "passive"}),
        ("PUT", {"title": "Backup done", "tags": []}),
    ]
    with pytest.raises(NotFound):
        notifications.replace("nobodys", "Backup done")


def test_a_test_may_put_something_else_in_its_place(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    client: Any = service.client()
    monkeypatch.setattr(client.notifications, "send", lambda title: f"no {title}")
    assert (client.notifications.send("T"), service.requests) == ("no T", [])


def test_it_is_awaited(activitysmith: Account) -> None:
    async def main() -> None:
        async with activitysmith.async_client() as client:
            sent = await client.notifications.send(title="T", timeout=5)
            await client.notifications.replace_push_notification(sent.notification_id or "", {"title": "U"})

    asyncio.run(main())
    assert [request["body"] for request in activitysmith.requests()] == [{"title": "T"}, {"title": "U"}]


@pytest.mark.parametrize(
    "request_and_fields",
    [
        (Push("T", message="M", channels="ops, night", actions=[OpenUrl("Log", OPEN["url"]), RETRY]), {}),
        ({"title": "T", "message": "M", "channels": ["ops", "night"], "actions": [OPEN, RETRY]}, {}),
        ("T", {"message": "M", "channels": ("ops", "night "), "actions": [OPEN, RETRY]}),
        (None, {"title": "T", "message": "M", "target": {"channels": ["ops", "night"]}, "actions": [OPEN, RETRY]}),
        (
            {"title": "old", "message": "M", "tags": None},
            {"title": "T", "channels": "ops,night", "actions": [OPEN, RETRY]},
        ),
        (Push("old", message="M"), {"title": "T", "channels": "ops,night", "actions": [OPEN, RETRY], "tags": None}),
    ],
)
def test_each_form_says_the_same(service: Service, request_and_fields: tuple[Any, dict[str, Any]]) -> None:
    request, fields = request_and_fields
    client = service.client()
    client.notifications.send(request, **fields)
    client.notifications.send_push_notification(push_notification_request=request, **fields)
    expected = {"title": "T", "message": "M", "actions": [OPEN, RETRY], "target": {"channels": ["ops", "night"]}}
    assert [sent.json for sent in service.requests] == [expected, expected]


def test_a_request_that_was_given_is_left_as_it_was(service: Service) -> None:
    push = Push("T")
    given: types.PushDict = {"title": "T", "channels": "ops"}
    service.client().notifications.send(push, message="M")
    service.client().notifications.send(given, message="M")
    assert (push, given) == (Push("T"), {"title": "T", "channels": "ops"})


def test_a_replacement_in_its_forms(service: Service) -> None:
    notifications = service.client().notifications
    notifications.replace("n 1/x", PushReplacement("T", actions=[Webhook("Retry", RETRY["url"], method="POST")]))
    notifications.replace("n 1/x", {"title": "T", "actions": [RETRY]})
    notifications.replace_push_notification("n 1/x", push_notification_replace_request={"title": "T"}, actions=[RETRY])
    for request in service.requests:
        assert request.path == "/api/push-notification/n%201%2Fx"
        assert request.json == {"title": "T", "actions": [RETRY]}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "title is missing"),
        ({"title": " "}, "title is blank"),
        ({"title": "T", "actions": [OPEN] * 5}, "actions has 5"),
        ({"title": "T", "media": "https://a.test/b.png", "actions": [OPEN]}, "media cannot go with actions"),
        ({"title": "T", "media": "http://a.test/b.png"}, "media "),
        ({"title": "T", "redirection": "javascript:alert(1)"}, "redirection "),
        ({"title": "T", "interruption_level": "loud"}, 'interruption_level is "loud"'),
        ({"title": "T", "badge": 1.5}, "badge is 1.5"),
        ({"title": "T", "badge": 2147483648}, "badge is 2147483648"),
        ({"title": "T", "channels": []}, "channels is empty"),
        ({"title": "T", "chanels": ["ops"]}, "chanels is unknown; did you mean channels"),
        ({"request": 7}, "title is a number"),
    ],
)
def test_what_breaks_a_rule_is_refused(service: Service, fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError) as raised:
        service.client().notifications.send(**fields)
    assert problem in str(raised.value)
    assert service.requests == []


@pytest.mark.parametrize("notification_id", ["", "..", None, 7])
def test_an_id_that_is_none_is_refused(service: Service, notification_id: Any) -> None:
    with pytest.raises(ValidationError, match="notification_id "):
        service.client().notifications.replace(notification_id, "T")
    assert service.requests == []
