"""A GGUF's own chat template, rendered in jinja's sandbox with marks in the place of every message.

The words of learners and teachers never pass through the template: it sees marks, and the words take their place
afterwards. So nobody's words can be read as part of the template or as one of its control tokens.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import TemplateError
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tutor.errors import UserError
from tutor.i18n import tr

_MARK: Final = re.compile("\ue000(\\d+)\ue001")
_KEPT: Final = 200
"""Lists of roles whose text is kept."""


def _raise(message: str) -> None:
    raise TemplateError(message)


def _now(form: str) -> str:
    return datetime.now().strftime(form)


def _to_json(value: Any, indent: int | None = None, **_options: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


class Template:
    """Turns a list of roles into the template's own text with numbered gaps for the contents."""

    def __init__(self, source: str, *, path: Path, bos: str = "", eos: str = "") -> None:
        """Raises UserError (code `no_template`) when there is none or it cannot be used; names the file `path`."""
        self.path = path
        if not source.strip():
            raise UserError(
                tr(
                    "The model file {path} has no chat template, so it cannot hold a conversation. Nothing was "
                    "changed. Choose the “instruct” or “chat” version of this model.",
                    path=path,
                ),
                code="no_template",
            )
        environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
        environment.filters["tojson"] = _to_json
        environment.globals.update(raise_exception=_raise, strftime_now=_now)
        self._dated = "strftime_now" in source
        self._rendered: dict[tuple[str, ...], list[str | int]] = {}
        """What was made of the same roles before: the words never change it."""
        self._given = {"bos_token": bos, "eos_token": eos, "tools": None, "documents": None, "enable_thinking": False}
        try:
            self._template = environment.from_string(source)
            self.has_system = self._takes_system()
            self.pieces(("user", "assistant", "user"))
        except (TemplateError, TypeError, ValueError, KeyError, IndexError, AttributeError, RecursionError) as error:
            raise UserError(
                tr(
                    "The chat template of the model file {path} does not work ({reason}). Nothing was changed. "
                    "Download the file again, or choose another model.",
                    path=path,
                    reason=error,
                ),
                code="no_template",
            ) from None

    def _takes_system(self) -> bool:
        try:
            found = self.pieces(("system", "user"))
        except (TemplateError, ValueError):
            return False
        return 0 in found

    def pieces(self, roles: Sequence[str], *, answering: bool = True) -> list[str | int]:
        """The template's text, with an int where that message's content belongs.

        `answering`: ends where the model's answer begins. Raises jinja2.TemplateError, or ValueError when a message
        other than the system's does not appear.
        """
        key = (*roles, str(answering))
        if not self._dated and (kept := self._rendered.get(key)) is not None:
            return kept
        messages = [{"role": role, "content": f"\ue000{i}\ue001"} for i, role in enumerate(roles)]
        text = self._template.render(messages=messages, add_generation_prompt=answering, **self._given)
        found: list[str | int] = []
        end = 0
        for mark in _MARK.finditer(text):
            if mark.start() > end:
                found.append(text[end : mark.start()])
            found.append(int(mark.group(1)))
            end = mark.end()
        if end < len(text):
            found.append(text[end:])
        missing = [i for i, role in enumerate(roles) if role != "system" and i not in found]
        if missing:
            raise ValueError(tr("it leaves out message {n}", n=missing[0] + 1))
        if len(self._rendered) >= _KEPT:
            self._rendered.clear()
        self._rendered[key] = found
        return found
