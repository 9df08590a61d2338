"""The engine's condition in words for people, out of what its client reports."""

from tutor.engine import protocol
from tutor.engine.client import EngineDied, EngineGone
from tutor.i18n import tr
from tutor.session_events import EngineState


def state_after(event: "protocol.Event | EngineDied | EngineGone") -> EngineState | None:
    """The new condition; None when the event says nothing about it."""
    match event:
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


def _doing(stage: str) -> str:
    return {
        "classifier": tr("Loading the safety checks"),
        "model": tr("Loading the language model"),
        "embedder": tr("Loading the reading of questions"),
        "warming": tr("Getting ready"),
    }.get(stage, tr("Loading"))
