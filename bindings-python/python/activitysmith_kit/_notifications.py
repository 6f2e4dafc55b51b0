"""Push notifications: sending one, and replacing what it says."""

from __future__ import annotations

from ._record import Generic, R
from ._request import CALL, Resource, flat, taken
from .response import PushResponse

TYPE_CHECKING = False
if not TYPE_CHECKING:
    # `typing` takes its time to load, and only type checkers need it.
    from .helpers import overload


if TYPE_CHECKING:
    from typing import Any, overload

    from typing_extensions import Unpack

    from . import types
    from .notifications import Push, PushReplacement


class Notifications(Resource, Generic[R]):
    """Push notifications."""

    @overload
    def send(
        self, request: str | Push | types.PushDict, *, title: str | None = None, **fields: Unpack[types.PushOptions]
    ) -> R: ...
    @overload
    def send(self, request: None = None, **fields: Unpack[types.PushKeywords]) -> R: ...
    def send(self, request: Any = None, **fields: Any) -> R:
        """Sends a push notification: a title, a `Push`, a dict, or keywords; keywords win over the others.

        It is not sent again once it may have arrived. For this call alone: `timeout` and `max_retries`.
        """
        return self._push("push", None, request, fields)

    def send_push_notification(
        self,
        push_notification_request: str | Push | types.PushDict | None = None,
        **fields: Unpack[types.AnyPushKeywords],
    ) -> R:
        """The official SDK's other name for `send`."""
        return self._push("push", None, push_notification_request, fields)

    @overload
    def replace(
        self,
        notification_id: str | None,
        request: str | PushReplacement | types.PushReplacementDict,
        *,
        title: str | None = None,
        **fields: Unpack[types.PushReplacementOptions],
    ) -> R: ...
    @overload
    def replace(
        self, notification_id: str | None, request: None = None, **fields: Unpack[types.PushReplacementKeywords]
    ) -> R: ...
    def replace(self, notification_id: Any, request: Any = None, **fields: Any) -> R:
        """Replaces what a notification says, silently and for the same recipients; the answer to `send` has its
        `notification_id`. Content that is left out is removed; `tags` and `metadata` that are left out stay.
        """
        return self._push("replace_push", notification_id, request, fields)

    def replace_push_notification(
        self,
        notification_id: str | None,
        push_notification_replace_request: str | PushReplacement | types.PushReplacementDict | None = None,
        **fields: Unpack[types.AnyPushReplacementKeywords],
    ) -> R:
        """The official SDK's other name for `replace`."""
        return self._push("replace_push", notification_id, push_notification_replace_request, fields)

    def _push(self, endpoint: str, key: Any, request: Any, fields: Any) -> R:
        options = taken(fields, CALL)
        answer: R = self._call(endpoint, PushResponse, key, flat(request, fields, "title"), options)
        return answer
