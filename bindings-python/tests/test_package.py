"""The package as a whole: what importing it costs, what it exports, and that its face holds all that the core has."""

from __future__ import annotations

import ast
import builtins
import inspect
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import get_args

import activitysmith_kit
import pytest
from activitysmith_kit import LiveActivityColor, _native, models, types
from activitysmith_kit._live_activities import LiveActivities
from activitysmith_kit.helpers import _OF_A_STATE
from support import Service, run

# Each takes milliseconds, and is the program's to load.
HEAVY = (
    "asyncio,collections,contextlib,dataclasses,datetime,decimal,email,enum,functools,http,inspect,json,logging,"
    "pathlib,platform,re,socket,ssl,subprocess,threading,traceback,typing,urllib,weakref"
)


@pytest.mark.parametrize(
    "program",
    [
        "import activitysmith_kit",
        "from activitysmith_kit import ActivitySmith, Progress, ActivitySmithError, metric, StreamResponse",
        "from activitysmith_kit import ActivitySmith\n"
        "ActivitySmith().live_activities.stream('k', title='T', percentage=1)",
        "from activitysmith_kit import ActivitySmith, Progress\n"
        "ActivitySmith().live_activities.stream('k', Progress('T', percentage=1))",
    ],
)
def test_nothing_heavy_is_loaded(service: Service, program: str) -> None:
    # Without `site`, which loads what it likes; so the package's folder is named.
    folder = str(Path(activitysmith_kit.__file__).parents[1])
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys\nsys.path.append({folder!r})\nbefore = set(sys.modules)\nheavy = {HEAVY!r}\n"
            f"{program}\nprint(sorted((set(sys.modules) - before) & set(heavy.split(','))))",
        ],
        env=service.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ast.literal_eval(done.stdout) == []


# What belongs to one part of the API, by what loads it.
FAMILIES = {
    "client.live_activities.stream('k', kit.Progress('T', percentage=1))": {"models"},
    "client.notifications.send(kit.Push('T'))": {"_notifications", "notifications"},
    "client.metrics.update('k', 1)": {"_metrics"},
    "client.badge_count(1)": set(),
    "client.close()": set(),
}


@pytest.mark.parametrize("used", FAMILIES)
def test_what_belongs_to_a_part_of_the_api_is_loaded_when_that_is_used(service: Service, used: str) -> None:
    program = f"""
import sys
import activitysmith_kit as kit
assert [name for name in sys.modules if name.startswith("activitysmith_kit.")] == []
client = kit.ActivitySmith()
{used}
families = {sorted(set().union(*FAMILIES.values()))!r}
print([name for name in families if "activitysmith_kit." + name in sys.modules])
"""
    done = run(program, service.environment)
    assert (done.stderr, done.stdout) == ("", f"{sorted(FAMILIES[used])}\n")


# Made when it is first asked for, which type checkers do not see.
EXPORTED: list[str] = getattr(activitysmith_kit, "__all__")  # noqa: B009


def public_names() -> set[tuple[str, str]]:
    """With the module that each is from."""
    generated = {(home, name) for home in activitysmith_kit._HOMES for name in getattr(activitysmith_kit, home).__all__}
    hidden = {("errors", "ConnectionError"), ("errors", "TimeoutError")}
    return generated | hidden | {(home, name) for name, home in activitysmith_kit._HOME_OF.items()}


def test_every_public_name_is_there() -> None:
    for name in EXPORTED:
        assert getattr(activitysmith_kit, name) is not None
    assert set(EXPORTED) <= set(dir(activitysmith_kit))
    for home, name in public_names():
        assert getattr(activitysmith_kit, name).__module__ == f"activitysmith_kit.{home}"
    with pytest.raises(AttributeError, match="has no attribute 'Progres'"):
        getattr(activitysmith_kit, "Progres")  # noqa: B009


def test_type_checkers_are_told_of_every_public_name() -> None:
    source = Path(activitysmith_kit.__file__).read_text(encoding="utf-8")
    checked = next(node for node in ast.parse(source).body if isinstance(node, ast.If))
    told = {
        (node.module, name)
        for node in checked.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name or alias.name == "*"
        for name in (getattr(activitysmith_kit, node.module or "").__all__ if alias.name == "*" else [alias.name])
    }
    assert told == public_names() | {(None, module) for module in activitysmith_kit._MODULES}


def test_public_modules_are_there_without_an_import_of_their_own(service: Service) -> None:
    program = """
import activitysmith_kit
for name in ("errors", "helpers", "models", "notifications", "response", "types"):
    assert getattr(activitysmith_kit, name).__name__ == f"activitysmith_kit.{name}"
    assert name in dir(activitysmith_kit)
"""
    done = run(program, service.environment)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_stub_of_the_generated_module_is_true() -> None:
    def compare(told: list[ast.stmt], there: object) -> None:
        for one in told:
            if isinstance(one, ast.ClassDef):
                compare(one.body, getattr(there, one.name))
            elif isinstance(one, ast.FunctionDef):
                parameters = [argument.arg for argument in one.args.args]
                assert list(inspect.signature(getattr(there, one.name)).parameters) == parameters

    stub = ast.parse(Path(_native.__file__ or "").with_suffix(".pyi").read_text(encoding="utf-8"))
    assert any(isinstance(node, ast.ClassDef) for node in stub.body)
    compare(stub.body, _native)


def test_the_wheel_is_for_every_python_and_brings_all_it_needs() -> None:
    wheel = distribution("activitysmith-kit")
    tags = [line for line in (wheel.read_text("WHEEL") or "").splitlines() if line.startswith("Tag: ")]
    assert tags
    assert all(tag.startswith("Tag: py3-none-") for tag in tags)
    assert wheel.requires is None
    assert wheel.metadata["Requires-Python"] == ">=3.9"
    assert "activitysmith_kit/py.typed" in map(str, wheel.files or ())


@pytest.mark.parametrize("name", ["LICENSE-APACHE", "LICENSE-MIT"])
def test_the_wheel_holds_its_licences(name: str) -> None:
    text = (Path(__file__).parents[2] / name).read_text(encoding="utf-8")
    assert len(text) > 1000
    assert distribution("activitysmith-kit").read_text(f"licenses/{name}") == text


def test_a_star_leaves_pythons_own_names_alone() -> None:
    assert not set(EXPORTED) & set(dir(builtins))


def keys(shape: type) -> set[str]:
    """Every key of a TypedDict, those that it inherits among them."""
    return set(shape.__required_keys__ | shape.__optional_keys__)  # type: ignore[attr-defined]


def test_the_calls_know_every_field_of_the_states() -> None:
    assert keys(types.FinalStateDict) - {"extra"} == _OF_A_STATE


def test_every_state_has_its_class_its_shapes_and_its_overload() -> None:
    source = Path(sys.modules[LiveActivities.__module__].__file__ or "").read_text(encoding="utf-8")
    for name in get_args(types.StateType):
        state = "".join(part.title() for part in name.split("_"))
        assert getattr(models, state).type == name
        assert set(getattr(models, state)._fields) | {"type"} == keys(getattr(types, f"{state}Dict"))
        assert f"Unpack[types.{state}Keywords]" in source
        assert getattr(LiveActivities, f"TYPE_{name.upper()}") == name


def test_every_colour_has_its_name() -> None:
    named = {name: value for name, value in vars(LiveActivityColor).items() if name.isupper()}
    assert named == {color.upper(): color for color in get_args(types.Color)}


def test_without_the_c_half_of_json_it_is_the_same(service: Service) -> None:
    program = """
import sys
sys.modules["_json"] = None
from activitysmith_kit import ActivitySmith, Progress, ValidationError
assert ActivitySmith().live_activities.stream("k", Progress("\\u00fc", percentage=1.5)).operation == "updated"
try:
    ActivitySmith().live_activities.stream("k", Progress("a\\ud800", percentage=float("nan")))
except ValidationError as error:
    print([violation.path for violation in error.violations])
"""
    done = run(program, service.environment)
    assert (done.stdout, done.stderr) == ("['content_state.title', 'content_state.percentage']\n", "")
    assert service.requests[0].json["content_state"]["title"] == "\u00fc"
