"""The values of metrics, which widgets show."""

from __future__ import annotations

from ._record import Generic, R
from ._request import CALL, Resource, flat, taken
from .response import MetricResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from typing import Any

    from typing_extensions import Unpack

    from . import types


class Metrics(Resource, Generic[R]):
    """Metrics, each by its key."""

    def update(
        self,
        key: str,
        value_or_request: float | str | types.MetricRequestDict,
        timestamp: datetime.datetime | str | None = None,
        **options: Unpack[types.CallOptions],
    ) -> R:
        """Sets the value of a metric: a number or a text of 1 to 64 characters, or a dict with that as `value`.

        `timestamp` says when it was measured: a `datetime` with a time zone, or a text as RFC 3339 has it.
        """
        fields: dict[str, Any] = {"timestamp": timestamp, **options}
        own = taken(fields, CALL)
        whole = flat(value_or_request, fields, "value")
        moment = whole.get("timestamp")
        isoformat = getattr(type(moment), "isoformat", None)
        if isoformat is not None:
            whole["timestamp"] = isoformat(moment)
        answer: R = self._call("metric", MetricResponse, key, whole, own)
        return answer

    def update_metric_value(
        self,
        key: str,
        metric_value_update_request: float | str | types.MetricRequestDict,
        **options: Unpack[types.CallOptions],
    ) -> R:
        """The official SDK's other name for `update`."""
        return self.update(key, metric_value_update_request, **options)
