"""What is different between two versions of a lesson: field by field, in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tutor.domain import Frozen, Guideline, Item, Lesson, kind_of
from tutor.i18n import tr
from tutor.lessons.faults import guideline_name, place


class Difference(Frozen):
    """One field that is not the same."""

    field: str
    """A path as in `Fault.field`, but items by their id and guidelines by their kind: `items.q3.answer`."""
    where: str
    """In words: `item q3, answer`."""
    what: str
    """changed | added | removed | moved"""
    before: str = ""
    after: str = ""


def compare(before: Lesson, after: Lesson) -> tuple[Difference, ...]:
    """From one version to another; empty when they say the same."""
    return tuple(_differences(before, after))


def sentence(difference: Difference) -> str:
    """A difference in one line."""
    match difference.what:
        case "added":
            return tr("{where}: new: {text}", where=difference.where, text=difference.after)
        case "removed":
            return tr("{where}: taken out: {text}", where=difference.where, text=difference.before)
        case "moved":
            return tr("{where}: in another order", where=difference.where)
        case _:
            return tr(
                "{where}: “{before}” became “{after}”",
                where=difference.where,
                before=difference.before,
                after=difference.after,
            )


def _differences(before: Lesson, after: Lesson) -> Iterator[Difference]:
    for name in Lesson.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if old == new or name == "key":
            continue
        if name == "items":
            yield from _keyed(name, {item.id: item for item in old}, {item.id: item for item in new}, _item_name)
        elif name == "guidelines":
            yield from _keyed(name, _by_kind(old), _by_kind(new), _guideline_name)
        elif name == "materials":
            yield from _keyed(name, {m.name: m for m in old}, {m.name: m for m in new}, lambda one: f"“{one}”")
        elif name == "fallbacks":
            yield from _keyed(name, old, new, lambda move: f"{place('fallbacks')}, “{move}”")
        else:
            yield from _value(name, place(name), old, new)


def _keyed(name: str, old: Mapping[str, Any], new: Mapping[str, Any], named: Any) -> Iterator[Difference]:
    """Two tables whose rows are known by a key."""
    for key in old:
        where = named(key)
        if key not in new:
            yield Difference(field=f"{name}.{key}", where=where, what="removed", before=_said(old[key]))
        elif isinstance(old[key], str):
            yield from _value(f"{name}.{key}", where, old[key], new[key])
        else:
            for field in old[key].__struct_fields__:
                yield from _value(
                    f"{name}.{key}.{field}",
                    f"{where}, {place(field)}",
                    getattr(old[key], field),
                    getattr(new[key], field, None),
                )
    for key in new:
        if key not in old:
            yield Difference(field=f"{name}.{key}", where=named(key), what="added", after=_said(new[key]))
    if name != "fallbacks" and [key for key in old if key in new] != [key for key in new if key in old]:
        yield Difference(field=name, where=place(name), what="moved")


def _value(field: str, where: str, old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, tuple) and isinstance(new, tuple):
        gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
        for was, now in zip(gone, come, strict=False):
            yield Difference(field=field, where=where, what="changed", before=_said(was), after=_said(now))
        for was in gone[len(come) :]:
            yield Difference(field=field, where=where, what="removed", before=_said(was))
        for now in come[len(gone) :]:
            yield Difference(field=field, where=where, what="added", after=_said(now))
        if not gone and not come:
            yield Difference(field=field, where=where, what="moved")
        return
    yield Difference(field=field, where=where, what="changed", before=_said(old), after=_said(new))


def _by_kind(guidelines: Sequence[Guideline]) -> dict[str, Guideline]:
    """By kind, further ones of a kind numbered."""
    found: dict[str, Guideline] = {}
    for guideline in guidelines:
        kind = kind_of(guideline)
        number = sum(known.split(" ")[0] == kind for known in found)
        found[f"{kind} {number + 1}" if number else kind] = guideline
    return found


def _item_name(key: str) -> str:
    return tr("item {id}", id=key)


def _guideline_name(key: str) -> str:
    kind, _, number = key.partition(" ")
    return tr("guideline “{name}”", name=f"{guideline_name(kind)} {number}".strip())


def _said(value: Any) -> str:
    """A value in one line."""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, Item):
        return value.question
    if isinstance(value, tuple):
        return "; ".join(_said(one) for one in value) or "–"
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        return ", ".join(f"{place(name)} {_said(one)}" for name, one in fields.items() if one not in ("", ()))
    return str(value) if value != "" else "–"
