"""Push notifications: plain data, checked when sent.

Generated from the core's models by `cargo xtask generate`; not to be edited.
"""

from __future__ import annotations

from ._record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from .types import Action, InterruptionLevel, JsonObject, Metadata, Slugs

__all__ = ("Push", "PushInterruptionLevel", "PushReplacement")


class Push(Record):
    """A push notification. It is not sent again once it may have arrived.

    title: The headline; not blank.
    message: The text.
    subtitle: The second line.
    icon: The `https` URL of a picture in place of the app's icon.
    media: The `https` URL of a picture or a video. Not together with `actions`.
    redirection: What a tap opens: a page, a Shortcut or an app by its URL, at most 2,048 characters. Absent, it opens
        `media` or the app.
    actions: Up to 4 buttons.
    payload: Data for the receiving app: a JSON object.
    badge: The number on the app's icon: an integer from 0, which removes it, to 2,147,483,647.
    tags: Labels for the service's history: at most 20.
    metadata: Details for the service's history.
    sound: The sound, by its name: `default` is the system's.
    interruption_level: How much it interrupts. The service's default is `active`.
    channels: The slugs of the channels that receive it, at least one. Absent: all that the key can reach.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = (
        "title",
        "message",
        "subtitle",
        "icon",
        "media",
        "redirection",
        "actions",
        "payload",
        "badge",
        "tags",
        "metadata",
        "sound",
        "interruption_level",
        "channels",
        "extra",
    )
    _fields = __slots__

    def __init__(
        self,
        title: str,
        *,
        message: str | None = None,
        subtitle: str | None = None,
        icon: str | None = None,
        media: str | None = None,
        redirection: str | None = None,
        actions: Sequence[Action] | None = None,
        payload: JsonObject | None = None,
        badge: float | None = None,
        tags: Slugs | None = None,
        metadata: Metadata | None = None,
        sound: str | None = None,
        interruption_level: InterruptionLevel | None = None,
        channels: Slugs | str | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str = title
        self.message: str | None = message
        self.subtitle: str | None = subtitle
        self.icon: str | None = icon
        self.media: str | None = media
        self.redirection: str | None = redirection
        self.actions: Sequence[Action] | None = actions
        self.payload: JsonObject | None = payload
        self.badge: float | None = badge
        self.tags: Slugs | None = tags
        self.metadata: Metadata | None = metadata
        self.sound: str | None = sound
        self.interruption_level: InterruptionLevel | None = interruption_level
        self.channels: Slugs | str | None = channels
        self.extra: JsonObject | None = extra


class PushReplacement(Record):
    """What replaces a push notification, silently and for the same recipients. Content that is left out is removed;
    tags and metadata that are left out stay.

    title: The headline; not blank.
    message: The text.
    subtitle: The second line.
    icon: The `https` URL of a picture in place of the app's icon.
    media: The `https` URL of a picture or a video. Not together with `actions`.
    redirection: What a tap opens: a page, a Shortcut or an app by its URL, at most 2,048 characters. Absent, it opens
        `media` or the app.
    actions: Up to 4 buttons.
    payload: Data for the receiving app: a JSON object.
    badge: The number on the app's icon: an integer from 0, which removes it, to 2,147,483,647.
    tags: Labels for the service's history: at most 20.
    metadata: Details for the service's history.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = (
        "title",
        "message",
        "subtitle",
        "icon",
        "media",
        "redirection",
        "actions",
        "payload",
        "badge",
        "tags",
        "metadata",
        "extra",
    )
    _fields = __slots__

    def __init__(
        self,
        title: str,
        *,
        message: str | None = None,
        subtitle: str | None = None,
        icon: str | None = None,
        media: str | None = None,
        redirection: str | None = None,
        actions: Sequence[Action] | None = None,
        payload: JsonObject | None = None,
        badge: float | None = None,
        tags: Slugs | None = None,
        metadata: Metadata | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str = title
        self.message: str | None = message
        self.subtitle: str | None = subtitle
        self.icon: str | None = icon
        self.media: str | None = media
        self.redirection: str | None = redirection
        self.actions: Sequence[Action] | None = actions
        self.payload: JsonObject | None = payload
        self.badge: float | None = badge
        self.tags: Slugs | None = tags
        self.metadata: Metadata | None = metadata
        self.extra: JsonObject | None = extra


class PushInterruptionLevel:
    """How much a notification interrupts."""

    PASSIVE: Literal["passive"] = "passive"
    ACTIVE: Literal["active"] = "active"
    TIME_SENSITIVE: Literal["time-sensitive"] = "time-sensitive"
