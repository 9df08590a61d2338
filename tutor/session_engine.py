"""The engine's condition in words for people, out of what its client reports."""

import msgspec

from tutor.engine import protocol
from tutor.engine.client import EngineDied, EngineGone
from tutor.i18n import tr
from tutor.session_events import EngineState


def state_after(
    event: "protocol.Event | EngineDied | EngineGone", before: EngineState, switch: int = 0
) -> EngineState | None:
    """The new condition; None when the event says nothing about it. `switch`: the last change of adapter asked for."""
    match event:
        case protocol.AdapterInUse(adapter=adapter) if before.model is not None:
            return _with_model(before, adapter=adapter, adapter_note="")
        case protocol.Failed(id=number, message=message) if number == switch and before.model is not None:
            return _with_model(before, adapter_note=message)
        case protocol.Hello():
            return EngineState(state="loading", text=tr("Starting the tutor"))
        case protocol.Loading(stage=stage, fraction=fraction):
            return EngineState(state="loading", stage=stage, fraction=fraction, text=_doing(stage))
        case protocol.Ready(model=model):
            device = model.device if model else ""
            note = model.gpu_note if model else ""
            return EngineState(state="ready", fraction=1.0, text=note, model=model, device=device)
        case protocol.LoadFailed(message=message) | EngineGone(message=message):
            return EngineState(state="failed", text=message)
        case EngineDied(message=message):
            return EngineState(state="restarting", text=message)
    return None


def _with_model(state: EngineState, **fields: str) -> EngineState:
    assert state.model is not None
    return msgspec.structs.replace(state, model=msgspec.structs.replace(state.model, **fields))


def _doing(stage: str) -> str:
    return {
        "classifier": tr("Loading the safety checks"),
        "model": tr("Loading the language model"),
        "embedder": tr("Loading the reading of questions"),
        "warming": tr("Getting ready"),
    }.get(stage, tr("Loading"))
