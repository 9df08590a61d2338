"""What people do with adapters: train one, use it, go back, hand one on, take one in. The rules of the registry.

Files lie in the teacher's data folder, one folder an adapter: the adapter, its report, and while it is trained what
that needs to go on. Nothing heavy is imported; training and judging happen in the trainer process.
"""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tutor.adaptation import ledger
from tutor.adaptation import protocol as p
from tutor.checksum import sha256_of
from tutor.corrections.training import Training
from tutor.domain import Adapter, AdapterState, Correction, CorrectionStatus
from tutor.engine import adapter_file
from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.store import Store

LEDGER: Final = "ledger.jsonl"
ADAPTER: Final = "adapter.gguf"
_GOES_ON: Final = ("died", "disk", "memory")
"""Ends from which the same training goes on where it was, once there is room."""
_PATIENCE: Final = 10.0
"""Seconds that a training which is called off may take to end."""


class Adapters:
    """The registry as a teacher meets it; from any thread."""

    def __init__(
        self,
        store: "Store",
        folder: Path,
        *,
        changed: Callable[[], None] = lambda: None,
        log: Path | None = None,
        command: Sequence[str] = (),
    ) -> None:
        """`changed` is called when another adapter, or none, is to be used. `command` starts another trainer."""
        self._store, self._folder, self._changed = store, folder, changed
        self._log, self._command = log, tuple(command)
        self._under_way: dict[int, Training] = {}
        """By the number of their adapter; those that have ended are let go when another one begins."""

    def all(self) -> tuple[Adapter, ...]:
        """Newest first."""
        return self._store.adapters()

    # --- training -------------------------------------------------------------------------------------------------

    def train(
        self,
        base: Path,
        on_event: Callable[[p.Event], None],
        *,
        scope: str = "class",
        learner_id: int | None = None,
        **options: Any,
    ) -> Training:
        """Begin a training on all accepted corrections, or go on with one of the same that was interrupted.

        With scope `learner` also on those of `learner_id` alone. `options` are fields of `protocol.Job`
        (`dry_run`, `rank`, `search`, `minutes`, ...). The registry hears of every event before `on_event`, which is
        called on a thread of its own; a promoted adapter is put to use. Raises UserError.
        """
        corrections = self._accepted(learner_id if scope == "learner" else None)
        if not corrections:
            raise _nothing()
        adapter = self._begin(base, corrections, scope, learner_id)
        return self._start(adapter, corrections, on_event, scope=scope, **options)

    def take_in(self, file: Path, base: Path, on_event: Callable[[p.Event], None], **options: Any) -> Training:
        """Check an adapter's file and have it judged here, on the corrections accepted here; then as after a training.

        Raises UserError: `adapter` for a file that is damaged or was trained on another model, `known` for one that is
        registered already, `nothing` without corrections to judge it on.
        """
        found = adapter_file.read(file)
        base_sha256 = self._sha256(base)
        if found.base_sha256 != base_sha256:
            raise adapter_file.unusable(file, tr("it was trained on another model than {name}", name=base.name))
        for known in self.all():
            if known.file_sha256 == found.sha256:
                raise UserError(
                    tr("This adapter is in the list already, as number {n}. Nothing was changed.", n=known.id),
                    code="known",
                )
        corrections = self._accepted(None)
        if not corrections:
            raise UserError(
                tr(
                    "There is no accepted correction here to judge the adapter on, so it was not taken in. Import the "
                    "corrections that it was trained on first."
                ),
                code="nothing",
            )
        adapter = self._store.begin_adapter(
            base=str(base), base_sha256=base_sha256, ledger_sha256=found.ledger_sha256, corrections=()
        )
        folder = self.folder_of(adapter)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, folder / ADAPTER)
        except OSError as error:
            self._throw_away(adapter)
            raise _no_room(folder, error) from None
        return self._start(adapter, corrections, on_event, adapter=str(folder / ADAPTER), **options)

    def go_on(self, adapter_id: int, on_event: Callable[[p.Event], None], **options: Any) -> Training:
        """Go on with what was interrupted: the judgement where the adapter is there already, as one from elsewhere is,
        otherwise the training. Raises UserError as `train` does."""
        record = self._store.adapter(adapter_id)
        file = self.folder_of(record) / ADAPTER
        corrections = self._accepted(record.learner_id)
        from_elsewhere = not self._store.adapter_corrections(adapter_id)
        if not file.is_file() or not (from_elsewhere or ledger.digest(corrections) == record.ledger_sha256):
            scope = record.scope
            return self.train(Path(record.base), on_event, scope=scope, learner_id=record.learner_id, **options)
        if not corrections:
            raise _nothing()
        return self._start(record, corrections, on_event, adapter=str(file), scope=record.scope, **options)

    def _begin(self, base: Path, corrections: Sequence[Correction], scope: str, learner_id: int | None) -> Adapter:
        return self._store.begin_adapter(
            base=str(base),
            base_sha256=self._sha256(base),
            ledger_sha256=ledger.digest(corrections),
            corrections=[c.id for c in corrections],
            scope=scope,
            learner_id=learner_id if scope == "learner" else None,
        )

    def _start(
        self,
        record: Adapter,
        corrections: Sequence[Correction],
        on_event: Callable[[p.Event], None],
        **options: Any,
    ) -> Training:
        folder = self.folder_of(record)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            ledger.write(folder / LEDGER, corrections)
        except (OSError, UserError) as error:
            if not (folder / p.WORK).exists():
                self._throw_away(record)
            raise (_no_room(folder, error) if isinstance(error, OSError) else error) from None
        job = p.Job(base=record.base, ledger=str(folder / LEDGER), out=str(folder), **options)

        def heard(event: p.Event) -> None:
            try:
                self._heard(record.id, job, event)
            except UserError as error:  # the disk: what was trained lies there and can be judged again
                event = p.Failed(code=error.code, message=str(error))
            on_event(event)

        training = Training(record, job, heard, log=self._log, command=self._command)
        self._under_way = {number: one for number, one in self._under_way.items() if not one.wait(0)}
        self._under_way[record.id] = training
        return training

    def _heard(self, adapter_id: int, job: p.Job, event: p.Event) -> None:
        """Keep what the trainer says about its end."""
        match event:
            case p.Judged():
                self._judged(adapter_id, job, event)
            case p.Failed() if job.dry_run and not (Path(job.out) / p.WORK).exists():
                self._throw_away(self._store.adapter(adapter_id))
            case p.Failed(code=code, message=message):
                if code not in _GOES_ON:
                    self._clean(self.folder_of(self._store.adapter_failed(adapter_id, message)))
            case p.Refused() if (Path(job.out) / p.WORK).exists():
                pass  # nothing was begun now, but what was trained before is there to go on with
            case p.Refused() | p.Cancelled():
                self._throw_away(self._store.adapter(adapter_id))
            case p.Planned() if job.dry_run:
                adapter = self._store.adapter(adapter_id)
                if not event.resumed:
                    self._throw_away(adapter)

    def _judged(self, adapter_id: int, job: p.Job, event: p.Judged) -> None:
        file = Path(job.adapter or str(Path(job.out) / ADAPTER))
        try:
            sha256 = sha256_of(file)
        except OSError as error:
            raise adapter_file.unusable(file, tr("it cannot be read ({reason})", reason=error.strerror)) from None
        judged = self._store.adapter_judged(
            adapter_id,
            file=str(file),
            file_sha256=sha256,
            figures=event.figures,
            promoted=event.promoted,
            report=event.report,
            why="" if event.promoted else "\n".join(event.reasons),
        )
        (self.folder_of(judged) / LEDGER).unlink(missing_ok=True)
        if judged.promoted:
            self._store.activate_adapter(judged.id)
        self._changed()

    # --- use ------------------------------------------------------------------------------------------------------

    def use(self, adapter_id: int) -> Adapter:
        """Answer with it from now on. Raises UserError: `not_promoted`; `adapter` when its file is gone or changed."""
        wanted = self._store.adapter(adapter_id)
        if wanted.file and wanted.promoted:
            found = adapter_file.read(Path(wanted.file))
            if found.sha256 != wanted.file_sha256:
                raise adapter_file.unusable(Path(wanted.file), tr("it has changed since it was judged"))
        used = self._store.activate_adapter(adapter_id)
        self._changed()
        return used

    def back(self, base: Path, learner_id: int | None = None) -> Adapter | None:
        """Go back to what answered before the adapter in use; None: the model alone.

        Raises UserError (`none_in_use`) when the model answers alone already.
        """
        current = self._store.active_adapter(base=str(base), learner_id=learner_id)
        if current is None:
            raise UserError(
                tr("No adapter is in use with the model {name}. Nothing was changed.", name=base.name),
                code="none_in_use",
            )
        before = self._store.roll_back(current.id)
        self._changed()
        return before

    def delete(self, adapter_id: int) -> None:
        """Remove an adapter that is not in use, with its files. Raises UserError (`in_use`)."""
        adapter = self._store.adapter(adapter_id)
        if adapter.state is AdapterState.ACTIVE:
            raise UserError(
                tr("This adapter is in use. Nothing was changed. Go back to the one before it first."), code="in_use"
            )
        self._throw_away(adapter)

    def export(self, adapter_id: int, to: Path) -> Path:
        """Copy its file, whole or not at all. Raises UserError."""
        adapter = self._store.adapter(adapter_id)
        if not adapter.file:
            raise UserError(tr("This adapter has no file yet. Nothing was written."), code="no_file")
        target = to / f"tutor-adapter-{adapter.id}.gguf" if to.is_dir() else to
        part = target.with_name(target.name + ".part")
        try:
            shutil.copyfile(adapter.file, part)
            part.replace(target)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise _no_room(target, error) from None
        return target

    # --- erasing --------------------------------------------------------------------------------------------------

    def erase_words_of(self, learner_id: int) -> None:
        """Before a learner is erased: their adapters go, and every report that may hold words of theirs.

        A training on words of theirs is cancelled, for it would write them down again. An adapter for all that learned
        from them stays until it is trained again, marked; it holds no words. Files of no adapter that is known, as a
        backup that was put back leaves them, go too.
        """
        for adapter in self._store.adapters_taught_by(learner_id):
            self._call_off(adapter.id)
        for adapter in self._store.adapters_taught_by(learner_id):
            if adapter.learner_id == learner_id:
                self._throw_away(adapter)
                continue
            folder = self.folder_of(adapter)
            for path in folder.glob("*") if folder.is_dir() else ():
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                elif path.name != ADAPTER:
                    path.unlink(missing_ok=True)
            self._store.forget_report(adapter.id)
        known = {self.folder_of(adapter) for adapter in self.all()}
        for path in self._folder.glob("*") if self._folder.is_dir() else ():
            if path.is_dir() and path not in known:
                shutil.rmtree(path, ignore_errors=True)
        self._changed()

    def _call_off(self, adapter_id: int) -> None:
        training = self._under_way.pop(adapter_id, None)
        if training is not None and not training.wait(0):
            training.cancel()
            training.wait(_PATIENCE)
            training.close()

    # --- inside ---------------------------------------------------------------------------------------------------

    def folder_of(self, adapter: Adapter) -> Path:
        """Where its files lie."""
        return self._folder / str(adapter.id)

    def _accepted(self, learner_id: int | None) -> tuple[Correction, ...]:
        return self._store.accepted_corrections(learner_id)

    def _sha256(self, base: Path) -> str:
        try:
            return sha256_of(base)
        except OSError as error:
            raise UserError(
                tr("The model file {path} cannot be read ({reason}).", path=base, reason=error.strerror or error),
                code="model_missing",
            ) from None

    def _throw_away(self, adapter: Adapter) -> None:
        shutil.rmtree(self.folder_of(adapter), ignore_errors=True)
        self._store.delete_adapter(adapter.id)

    def _clean(self, folder: Path) -> None:
        """What holds learners' words and is of no use any more."""
        (folder / LEDGER).unlink(missing_ok=True)
        shutil.rmtree(folder / p.WORK, ignore_errors=True)


def freshen(store: "Store") -> None:
    """A decision was taken back: an adapter whose corrections all stand again as they stood needs no other training."""
    stale = [adapter for adapter in store.adapters() if adapter.stale]
    accepted = store.corrections(CorrectionStatus.ACCEPTED) if stale else ()
    for adapter in stale:
        learnt = set(store.adapter_corrections(adapter.id))
        if learnt and ledger.digest(c for c in accepted if c.id in learnt) == adapter.ledger_sha256:
            store.adapter_fresh(adapter.id)


def report_of(adapter: Adapter) -> Path | None:
    """The report's page; None where there is none (any more)."""
    page = Path(adapter.report) / "report.html" if adapter.report else None
    return page if page is not None and page.is_file() else None


def summary(adapter: Adapter) -> str:
    """One line for a list: what it is and what its judgement said."""
    figures = adapter.figures
    state = {
        AdapterState.TRAINING: tr("training was interrupted or goes on"),
        AdapterState.JUDGED: tr("judged, not in use") if adapter.promoted else tr("judged, may not be used"),
        AdapterState.ACTIVE: tr("in use"),
        AdapterState.RETIRED: tr("used before"),
        AdapterState.FAILED: tr("failed"),
    }[adapter.state]
    if adapter.stale:
        state = tr("{state}; a correction that it learned from is gone: train again", state=state)
    if "right_adapter" in figures:
        right = round(100 * figures["right_adapter"])
        held = round(100 * figures.get("held_adapter", figures["right_adapter"]))
        return tr(
            "{state}; right by itself: {right} % of the corrected questions, {held} % in other words",
            state=state,
            right=right,
            held=held,
        )
    return state


def _nothing() -> UserError:
    return UserError(
        tr("There is no accepted correction to learn from. Nothing was begun. Accept a correction first."),
        code="nothing",
    )


def _no_room(path: Path, error: OSError) -> UserError:
    return UserError(
        tr(
            "{path} could not be written ({reason}). Nothing was lost. Make room, or choose another place.",
            path=path,
            reason=error.strerror or error,
        ),
        code="disk_full",
    )
