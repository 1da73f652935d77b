"""How far a run is, for a person at a terminal."""

import time
from typing import Protocol

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from crm.nightly.models import ChunkState, Run, Step, StepState

BAR = 24  # characters


class Stream(Protocol):
    def write(self, msg: str = ..., style_func: None = ..., ending: str | None = ...) -> None: ...


class Progress:
    """Writes a bar a step, rewritten in place where `live`; else one line when a step is done."""

    def __init__(self, stream: Stream, *, live: bool) -> None:
        self._stream, self._live = stream, live
        self._done: set[str] = set()
        self._within_line = False

    def show(self, run: Run, *, unfinished: bool = False) -> None:
        """Write what is new since the last time; `unfinished`: also of a step that is not done."""
        for step in run.steps.exclude(state=StepState.WAITING).annotate(
            all=Count("chunks", filter=~Q(chunks__state=ChunkState.SPLIT)),
            finished=Count("chunks", filter=Q(chunks__state=ChunkState.DONE)),
            rows=Sum("chunks__rows"),
        ):
            if step.name in self._done:
                continue
            done = step.state == StepState.DONE
            if self._live or done or unfinished:
                self._within_line = self._live and not done
                clear = "\x1b[K" if self._live else ""  # what a longer line before has left
                self._stream.write(self._line(step) + clear, ending="\r" if self._within_line else "\n")
            if done:
                self._done.add(step.name)

    def leave(self) -> None:
        """Let what is written next begin on a line of its own."""
        if self._within_line:
            self._stream.write("", ending="\n")

    def _line(self, step: Step) -> str:
        finished, total = step.finished, step.all  # type: ignore[attr-defined]  # annotated
        share = finished / total if total else 1.0
        started = step.started_at.timestamp() if step.started_at else time.time()
        seconds = max((step.finished_at.timestamp() if step.finished_at else time.time()) - started, 0.001)
        rows = step.rows or 0  # type: ignore[attr-defined]  # annotated
        left = _("%(left)d s left") % {"left": seconds / share * (1 - share)} if 0 < share < 1 else f"{seconds:.1f} s"
        bar = ("█" * round(BAR * share)).ljust(BAR, "·")
        speed = _("%(rows)d rows, %(speed)d a second") % {"rows": rows, "speed": rows / seconds}
        return f"{step.name:<12} {bar} {share:4.0%}  {speed}  {left}"
