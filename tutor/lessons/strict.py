"""Plain data (of a TOML file) into structs, strictly: every problem is found, each with its place and a suggestion.

`msgspec.convert` stops at the first problem; people who write a file by hand want to see all of them.
"""

import difflib
import enum
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import inspect

from tutor.i18n import tr
from tutor.lessons.faults import Fault

MOST_LINES: Final = 500
"""Of any list."""
MOST_CHARACTERS: Final = 20_000
"""Of any text."""
MOST_FAULTS: Final = 100
KIND: Final = "kind"
"""The key that says which guideline it is; msgspec calls it `type`."""


def read(data: Mapping[str, Any], into: type[msgspec.Struct], faults: list[Fault]) -> Any:
    """The struct that the data describes; None where something is wrong, and then `faults` says what, all of it."""
    found = _Reader(faults)
    return found.struct(data, into, "")


class _Reader:
    def __init__(self, faults: list[Fault]) -> None:
        self._faults = faults

    def struct(self, data: Any, into: type[msgspec.Struct], field: str, skip: Sequence[str] = ()) -> Any:
        if not isinstance(data, Mapping):
            return self._wrong(field, tr("a table"), data)
        info = inspect.type_info(into)
        assert isinstance(info, inspect.StructType)
        known = {one.encode_name: one for one in info.fields}
        before, values = len(self._faults), {}
        for name in data:
            if name not in known and name not in skip:
                self._unknown(_at(field, name), name, [*known, *skip])
        for name, one in known.items():
            if name in data:
                values[one.name] = self._value(data[name], one.type, _at(field, name))
            elif one.required:
                self._add(_at(field, name), tr("“{name}” is missing. Add it.", name=name))
        return into(**values) if len(self._faults) == before else None

    def _value(self, data: Any, kind: inspect.Type, field: str) -> Any:
        match kind:
            case inspect.StrType():
                return self._text(data, field)
            case inspect.BoolType():
                return data if isinstance(data, bool) else self._wrong(field, tr("true or false"), data)
            case inspect.IntType():
                return self._whole(data, field)
            case inspect.FloatType():
                return self._number(data, field)
            case inspect.EnumType(cls=choices):
                return self._choice(data, choices, field)
            case inspect.VarTupleType(item_type=item):
                return tuple(self._values(data, item, field))
            case inspect.DictType():
                return self._table(data, field)
            case inspect.StructType(cls=into):
                return self.struct(data, into, field)
            case inspect.UnionType(types=types):
                return self._one_of(data, types, field)
        raise TypeError(f"no reader for {kind}")

    def _text(self, data: Any, field: str) -> str:
        if not isinstance(data, str):
            self._wrong(field, tr("a text in quotation marks"), data)
            return ""
        if len(data) > MOST_CHARACTERS:
            self._add(field, tr("This text is longer than {n} characters. Shorten it.", n=MOST_CHARACTERS))
        return data

    def _whole(self, data: Any, field: str) -> Any:
        right = isinstance(data, int) and not isinstance(data, bool) and abs(data) < 2**53
        return data if right else self._wrong(field, tr("a whole number"), data)

    def _number(self, data: Any, field: str) -> Any:
        right = isinstance(data, int | float) and not isinstance(data, bool) and math.isfinite(_float(data))
        return _float(data) if right else self._wrong(field, tr("a number"), data)

    def _choice(self, data: Any, choices: type[enum.Enum], field: str) -> Any:
        known = [one.value for one in choices]
        if data in known:
            return choices(data)
        if isinstance(data, str):
            return self._unknown(field, data, known)
        return self._wrong(field, ", ".join(known), data)

    def _values(self, data: Any, item: inspect.Type, field: str) -> Iterator[Any]:
        if not isinstance(data, list):
            self._wrong(field, tr("a list in square brackets"), data)
            return
        if len(data) > MOST_LINES:
            self._add(field, tr("There are {n}; the most is {most}.", n=len(data), most=MOST_LINES))
        for at, one in enumerate(data[:MOST_LINES]):
            yield self._value(one, item, f"{field}.{at}")

    def _table(self, data: Any, field: str) -> Any:
        if not isinstance(data, Mapping):
            return self._wrong(field, tr("a table"), data)
        return {str(name): self._text(one, _at(field, name)) for name, one in list(data.items())[:MOST_LINES]}

    def _one_of(self, data: Any, types: Sequence[inspect.Type], field: str) -> Any:
        by_tag = {str(one.tag): one.cls for one in types if isinstance(one, inspect.StructType)}
        if not isinstance(data, Mapping):
            return self._wrong(field, tr("a table"), data)
        tag = data.get(KIND)
        if not isinstance(tag, str):
            return self._add(
                _at(field, KIND),
                tr("“kind” is missing. It says which guideline this is: {all}.", all=", ".join(by_tag)),
            )
        if tag not in by_tag:
            return self._unknown(_at(field, KIND), tag, list(by_tag))
        return self.struct(data, by_tag[tag], field, skip=(KIND,))

    def _unknown(self, field: str, name: str, known: Sequence[str]) -> None:
        shown = name if len(name) <= 40 else name[:39] + "…"
        near = difflib.get_close_matches(name[:80], known, n=1, cutoff=0.6)
        if near:
            self._add(field, tr("“{name}” is not known. Did you mean “{near}”?", name=shown, near=near[0]))
        else:
            self._add(field, tr("“{name}” is not known. There are: {all}.", name=shown, all=", ".join(known)))

    def _wrong(self, field: str, wanted: str, data: Any) -> None:
        self._add(field, tr("This must be {wanted}, and it is {found}.", wanted=wanted, found=_said(data)))

    def _add(self, field: str, text: str) -> None:
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(Fault(field=field, text=text))


def _at(field: str, name: object) -> str:
    shown = str(name) if len(str(name)) <= 40 else str(name)[:39] + "…"
    return f"{field}.{shown}" if field else shown


def _float(data: float) -> float:
    try:
        return float(data)
    except OverflowError:
        return math.inf


def _said(data: Any) -> str:
    """What kind of value it is, in words."""
    match data:
        case bool():
            return tr("true or false")
        case str():
            return tr("a text")
        case int() | float():
            return tr("a number")
        case list():
            return tr("a list")
        case dict():
            return tr("a table")
        case _:
            return tr("a date or a time")
