"""What both trainings share: TRL's arguments on any hardware, saved states, and going on after a stop."""

import shutil
from math import ceil
from pathlib import Path
from typing import Any

import msgspec
import torch
from transformers.trainer_callback import PrinterCallback, ProgressCallback, TrainerCallback

from tutor.workshop.progress import Progress


class Shown(TrainerCallback):  # type: ignore[misc]  # transformers has no types for us
    """The workshop's own line of progress in place of the trainer's."""

    def __init__(self, name: str) -> None:
        self.name, self.loss = name, ""
        self.line: Progress | None = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        quiet = not state.is_world_process_zero
        self.line = Progress(self.name, state.max_steps, done=state.global_step, quiet=quiet)

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **more: Any) -> None:
        if logs and "loss" in logs:
            self.loss = f"loss {float(logs['loss']):.3f},"

    def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        if self.line is not None:
            self.line.add(1, self.loss)


def arguments(
    folder: Path,
    *,
    rate: float,
    epochs: float,
    batch: int,
    seed: int,
    save_every: int,
    bf16: bool,
    pairs: int,
) -> dict[str, Any]:
    """Arguments of a TRL trainer: linear warm-up over a tenth of the steps, then let down to nothing along a cosine."""
    return {
        "output_dir": str(folder / "states"),
        "learning_rate": rate,
        "num_train_epochs": epochs,
        "per_device_train_batch_size": batch,
        "lr_scheduler_type": "cosine",
        "warmup_steps": ceil(pairs * epochs / batch / 10),
        "weight_decay": 0.0,
        "max_grad_norm": 1.0,
        "bf16": bf16,
        "use_cpu": not torch.cuda.is_available(),
        "gradient_checkpointing": False,
        "dataloader_pin_memory": torch.cuda.is_available(),
        "logging_steps": 5,
        "save_strategy": "steps",
        "save_steps": save_every,
        "save_total_limit": 2,
        "report_to": "none",
        "disable_tqdm": True,
        "seed": seed,
        "data_seed": seed,
    }


def saved_state(folder: Path) -> Path | None:
    """The newest state that was written whole (its `trainer_state.json`, which comes last, can be read), if any."""
    states = sorted((folder / "states").glob("checkpoint-*"), key=lambda p: int(p.name.rpartition("-")[2]))
    for state in reversed(states):
        try:
            msgspec.json.decode((state / "trainer_state.json").read_bytes())
        except (OSError, msgspec.DecodeError):
            continue
        return state
    return None


def finished(trainer: Any, folder: Path) -> list[dict[str, float]]:
    """Train to the end, from the saved state if there is one, then drop the states; gives what was logged.

    The caller makes sure (by `prepared`) that the states belong to these settings and pairs.
    """
    trainer.remove_callback(PrinterCallback)
    trainer.remove_callback(ProgressCallback)
    trainer.add_callback(Shown(f"preference: {folder.name}"))
    state = saved_state(folder)
    trainer.train(resume_from_checkpoint=str(state) if state else None)
    trainer.accelerator.wait_for_everyone()
    if trainer.is_world_process_zero():
        shutil.rmtree(folder / "states", ignore_errors=True)
    return [
        {name: float(value) for name, value in entry.items() if isinstance(value, (int, float))}
        for entry in trainer.state.log_history
        if "loss" in entry
    ]


def prepared(folder: Path, key: str) -> None:
    """The folder of a run that `key` (settings, pairs and first weights, hashed) names; another run's is cleared."""
    mark = folder / "run.txt"
    if mark.exists() and mark.read_text(encoding="utf-8") == key:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    mark.write_text(key, encoding="utf-8")
