"""What Python can hand in and JSON cannot hold is refused with its path, among all else that is wrong."""

from __future__ import annotations

import collections
import datetime
import enum
import json
import types
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from activitysmith_kit import Icon, Metric, Metrics, Progress, ValidationError
from support import Service


def refused(service: Service, stream_key: Any = "k", **fields: Any) -> list[tuple[str, str, str]]:
    """Every violation of a progress with these fields, as path, code and message."""
    with pytest.raises(ValidationError) as raised:
        service.client().live_activities.stream(
            stream_key, **{"title": "T", "type": "progress", "percentage": 1, **fields}
        )
    assert service.requests == []
    return [(found.path, found.code, found.message) for found in raised.value.violations]


class Thing:
    pass


class Octets(bytes):
    """As numpy's, which become numbers by what they say."""

    def __float__(self) -> float:
        return float(bytes(self))


class Type(NamedTuple):
    kind: str


class Flag:
    """As numpy's, which become 0 and 1."""

    dtype = Type("b")

    def __float__(self) -> float:
        return 1.0


class Several:
    """As numpy's arrays, where only one of a single element is a number."""

    def __index__(self) -> int:
        raise TypeError("only integer scalar arrays can be converted to a scalar index")

    def __float__(self) -> float:
        raise TypeError("only length-1 arrays can be converted to Python scalars")


class Counted:
    def __init__(self, number: int) -> None:
        self.number = number

    def __index__(self) -> int:
        return self.number


class Said:
    def __float__(self) -> Any:
        return "42"


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        ("42", "wrong_type", "is a string"),
        (True, "wrong_type", "is a boolean"),
        (datetime.datetime(2026, 11, 23), "wrong_type", "is a datetime"),
        (b"42", "wrong_type", "is bytes"),
        (Octets(b"42"), "wrong_type", "is an Octets"),
        (Flag(), "wrong_type", "is a Flag"),
        (Several(), "wrong_type", "is a Several"),
        (Said(), "wrong_type", "is a Said"),
        (Decimal("sNaN"), "wrong_type", "is a Decimal"),
        (bytearray(b"42"), "wrong_type", "is a bytearray"),
        ({42}, "wrong_type", "is a set"),
        ((number for number in [42]), "wrong_type", "is a generator"),
        (42 + 0j, "wrong_type", "is a complex"),
        (Thing(), "wrong_type", "is a Thing"),
        (Thing, "wrong_type", "is the class Thing, not an instance"),
        ([42], "wrong_type", "is a list"),
        (float("nan"), "not_finite", "is NaN"),
        (float("inf"), "not_finite", "is inf"),
        (float("-inf"), "not_finite", "is -inf"),
        (Decimal("NaN"), "not_finite", "is NaN"),
        (Decimal("-Infinity"), "not_finite", "is -inf"),
        pytest.param(Fraction(10**400), "not_finite", "is inf", id="a fraction that no float holds"),
        (Fraction(-1, 2), "out_of_range", "is -0.5"),
        # More digits than Python turns into text.
        pytest.param(10**5000, "out_of_range", "is 1.84467440737095", id="5000 digits"),
        # More than a float has room for.
        pytest.param(-(10**400), "out_of_range", "is -1.84467440737095", id="400 digits"),
        pytest.param(Counted(10**400), "out_of_range", "is 1.84467440737095", id="400 digits of another library"),
        (-1, "out_of_range", "is -1"),
    ],
)
@pytest.mark.parametrize("form", ["keywords", "typed"])
def test_what_is_not_a_percentage(service: Service, form: str, value: Any, code: str, said: str) -> None:
    if form == "keywords":
        violations = refused(service, percentage=value)
    else:
        with pytest.raises(ValidationError) as raised:
            service.client().live_activities.stream("k", Progress("T", percentage=value))
        violations = [(found.path, found.code, found.message) for found in raised.value.violations]
    ((path, found, message),) = violations
    assert (path, found) == ("content_state.percentage", code)
    assert message.startswith(f"content_state.percentage {said}")


@pytest.mark.parametrize("stream_key", [None, 7, b"k", ["k"], pytest.param("a\ud800b", id="half a surrogate pair")])
def test_what_is_not_a_stream_key(service: Service, stream_key: Any) -> None:
    assert [path for path, _, _ in refused(service, stream_key)] == ["stream_key"]


@pytest.mark.parametrize("request_", [7, "k", [1], b"k", object()])
def test_what_is_not_a_request(service: Service, request_: Any) -> None:
    with pytest.raises(ValidationError) as raised:
        service.client().live_activities.stream("k", request_)
    assert [found.path for found in raised.value.violations] == ["request"]


def test_everything_wrong_is_told_at_once(service: Service) -> None:
    found = refused(
        service,
        percentage=float("nan"),
        subtitle=b"s",
        icon={"symbol": "a\udc00"},
        tags={"a"},
        metadata={"when": datetime.date(2026, 11, 23), "share": 1j, "bad": Decimal("inf")},
        chanels=["ops"],
    )
    assert {(path, code) for path, code, _ in found} == {
        ("content_state.percentage", "not_finite"),
        ("content_state.subtitle", "wrong_type"),
        ("content_state.icon.symbol", "wrong_type"),
        ("chanels", "unknown_field"),
        ("tags", "wrong_type"),
        ("metadata.when", "wrong_type"),
        ("metadata.share", "wrong_type"),
        ("metadata.bad", "not_finite"),
    }


def test_what_contains_itself(service: Service) -> None:
    around: dict[str, Any] = {"a": 1}
    around["b"] = [around]
    action = {"title": "Go", "type": "webhook", "url": "https://a.test", "body": around}
    assert [(path, code) for path, code, _ in refused(service, action=action)] == [("action.body.b[0]", "wrong_type")]
    metrics: list[Any] = []
    metrics.append(metrics)
    assert refused(service, metrics=metrics, percentage=None)[0][0] == "content_state.metrics[0]"


@pytest.mark.parametrize("depth", [150, 500, 100_000])
def test_what_is_nested_too_deeply(service: Service, depth: int) -> None:
    deep: Any = 1
    for _ in range(depth):
        deep = [deep]
    action = {"title": "Go", "type": "webhook", "url": "https://a.test", "body": {"deep": deep}}
    ((path, code, message),) = refused(service, action=action)
    assert path.startswith("action.body.deep[0][0]")
    assert (code, "nested more than" in message) == ("wrong_type", True)


def test_what_is_nested_deeply_is_sent(service: Service) -> None:
    deep: Any = 1
    for _ in range(100):
        deep = [deep]
    action: Any = {"title": "Go", "type": "webhook", "url": "https://a.test", "body": {"deep": deep, "flat": "[" * 200}}
    service.client().live_activities.stream("k", Progress("T", percentage=1), action=action)
    assert service.requests[0].json["action"] == action


def test_the_same_thing_twice_does_not_contain_itself(service: Service) -> None:
    shared = {"x": float("nan")}
    action = {"title": "Go", "type": "webhook", "url": "https://a.test", "body": {"a": shared, "b": shared}}
    assert [path for path, _, _ in refused(service, action=action)] == ["action.body.a.x", "action.body.b.x"]


def test_what_is_not_a_name(service: Service) -> None:
    ((path, code, message),) = refused(service, metadata={"a\ud800": 1})
    assert (path, code) == ("metadata.a\\\\ud800", "wrong_type")
    assert "half a surrogate pair" in message
    names: dict[Any, tuple[str, str]] = {
        (1, 2): ("tuple", "a tuple"),
        None: ("None", "None"),
        True: ("True", "a bool"),
        7: ("7", "an int"),
        0.5: ("0.5", "a float"),
        10**5000: ("int", "an int"),
        b"a": ("bytes", "bytes"),
    }
    for name, (shown, kind) in names.items():
        for mapping in ({name: 1}, types.MappingProxyType({"7": 1, name: 1})):
            ((path, code, message),) = refused(service, metadata=mapping)
            assert (path, code) == (f"metadata.{shown}", "wrong_type")
            assert f"under a name that is not a string but {kind}" in message
    action = {"title": "Go", "type": "webhook", "url": "https://a.test", "body": {"a": [({None: 1},)]}}
    assert [path for path, _, _ in refused(service, action=action)] == ["action.body.a[0][0].None"]
    assert [path for path, _, _ in refused(service, icon=Icon("bolt", extra={"a": {1: 2}}))] == [  # type: ignore[dict-item]
        "content_state.icon.extra.a.1"
    ]


class Color(str, enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 90


class Whole:
    """A whole number of another library's."""

    def __index__(self) -> int:
        return 2**62 + 1

    def __float__(self) -> float:
        return float(2**62 + 1)


class Single:
    """A number of another library's, as numpy's of 32 bits are."""

    dtype = Type("f")

    def __init__(self, number: float) -> None:
        self.number = number

    def __float__(self) -> float:
        return self.number


def test_what_is_like_jsons_own_is_taken(service: Service) -> None:
    state: dict[str, Any] = collections.OrderedDict(title="T", type="metrics", color=Color.RED)
    state["metrics"] = (
        types.MappingProxyType({"label": "a", "value": Whole()}),
        Metric("b", Level.HIGH),
        Metric("c", Single(1.5)),  # type: ignore[arg-type]
        Metric("d", Decimal("0.1")),  # type: ignore[arg-type]
        Metric("e", Fraction(1, 4)),  # type: ignore[arg-type]
    )
    live_activities: Any = service.client().live_activities
    live_activities.stream(
        "k", content_state=types.MappingProxyType(state), tags=collections.UserList(["a"]), metadata={"n": 10**18}
    )
    assert service.requests[0].json == {
        "content_state": {
            "title": "T",
            "type": "metrics",
            "color": "red",
            "metrics": [
                {"label": "a", "value": 2**62 + 1},
                {"label": "b", "value": 90},
                {"label": "c", "value": 1.5},
                {"label": "d", "value": 0.1},
                {"label": "e", "value": 0.25},
            ],
        },
        "tags": ["a"],
        "metadata": {"n": 10**18},
    }


def test_every_text_goes_as_it_is(service: Service) -> None:
    title = 'P\u0159\u00edprava \u6e96\u5099 \U0001f680 \x00 \x7f \u2028 "\\ <&> \ufeff'
    service.client().live_activities.stream("k", Metrics(title, [Metric("a", 1)]))
    assert service.requests[0].json["content_state"]["title"] == title


def test_what_was_handed_in_is_left_as_it_was(service: Service) -> None:
    request: Any = {"content_state": {"title": "T", "percentage": float("nan")}, "channels": "a, b"}
    before = json.dumps(request)
    with pytest.raises(ValidationError):
        service.client().live_activities.stream("k", request)
    assert json.dumps(request) == before


@pytest.mark.parametrize("channels", ["", " , ", [], [" "], ("", "  "), [7]])
def test_channels_that_would_reach_everybody_are_refused(service: Service, channels: Any) -> None:
    paths = {path.split("[")[0] for path, _, _ in refused(service, channels=channels)}
    assert paths == {"channels"}


@pytest.mark.parametrize(
    ("keyword", "meant"),
    [
        ("chanels", "channels"),
        ("max_retry", "max_retries"),
        ("subtitel", "subtitle"),
        ("min_intervall", "min_interval"),
    ],
)
def test_a_misspelt_keyword_is_recognized(service: Service, keyword: str, meant: str) -> None:
    live: Any = service.client().live_activities
    with pytest.raises(ValidationError, match=f": {keyword} is unknown"):
        live.stream("k", title="T", type="progress", percentage=1, **{keyword: 1})
    published = live.publish("k", title="T", type="progress", percentage=1)
    with pytest.raises(ValidationError, match=f": {keyword} is unknown"):
        published.update(**{keyword: 1})
    published.detach()
    begin = live.stream if meant == "max_retries" else live.publish
    with pytest.raises(ValidationError, match=f": {keyword} is unknown; did you mean {meant}"):
        begin("k", title="T", type="progress", percentage=1, **{keyword: 1})
