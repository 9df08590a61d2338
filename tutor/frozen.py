"""The base of all plain data: immutable, by keyword, defaults left out of JSON."""

from typing import dataclass_transform

import msgspec


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class Frozen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all domain structs."""
