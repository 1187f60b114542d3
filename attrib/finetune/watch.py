"""Who is told how a training goes, and when a checkpoint is due: callbacks of the Trainer."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import (  # noqa: TID253 - this package is the training; nothing light imports it
    EarlyStoppingCallback,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from transformers.integrations import TensorBoardCallback  # noqa: TID253

from attrib.settings import TrainSettings

BETWEEN_SAVES = 300.0  # seconds


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a training stands: ``step`` of ``steps``, and what was measured since the last word.

    ``loss`` is the mean training loss since the last one told; ``dev`` holds the figures of the dev
    articles after an epoch.
    """

    step: int
    steps: int
    epoch: float
    loss: float | None = None
    dev: Mapping[str, float] | None = None


Listener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how a training goes: a ``listener``, and a folder of ``tensorboard`` logs."""

    listener: Listener | None = None
    tensorboard: Path | None = None


def callbacks(settings: TrainSettings, watch: Watch) -> list[TrainerCallback]:
    """Return those that the Trainer calls while it trains by ``settings``."""
    called: list[TrainerCallback] = [_Save()]
    if settings.patience:
        called.append(EarlyStoppingCallback(settings.patience))
    if watch.listener:
        called.append(_Tell(watch.listener))
    if watch.tensorboard:
        from torch.utils.tensorboard import SummaryWriter

        writer = SummaryWriter(log_dir=str(watch.tensorboard))
        called.append(TensorBoardCallback(writer))  # type: ignore[no-untyped-call]
    return called


class _Save(TrainerCallback):
    """Has a checkpoint written every few minutes, beside those at the end of an epoch.

    Not where several processes train, whose clocks would ask for it at different steps.
    """

    def __init__(self) -> None:
        self._last = time.monotonic()

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **more: Any,
    ) -> None:
        """Ask for one when it is time; the end of an epoch is left to the Trainer."""
        del more
        amid = (state.epoch or 0) % 1 > 0
        if amid and args.world_size == 1 and time.monotonic() - self._last >= BETWEEN_SAVES:
            control.should_save = True

    def on_save(
        self,
        args: TrainingArguments,  # noqa: ARG002 - the Trainer's signature
        state: TrainerState,  # noqa: ARG002
        control: TrainerControl,  # noqa: ARG002
        **more: Any,
    ) -> None:
        """Note when it was."""
        del more
        self._last = time.monotonic()


class _Tell(TrainerCallback):
    """Passes what the Trainer logs on to a listener."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def on_step_end(
        self,
        args: TrainingArguments,  # noqa: ARG002 - the Trainer's signature
        state: TrainerState,
        control: TrainerControl,  # noqa: ARG002
        **more: Any,
    ) -> None:
        """Tell each step."""
        del more
        self._listener(Progress(state.global_step, state.max_steps, state.epoch or 0.0))

    def on_log(
        self,
        args: TrainingArguments,  # noqa: ARG002 - the Trainer's signature
        state: TrainerState,
        control: TrainerControl,  # noqa: ARG002
        **more: Any,
    ) -> None:
        """Tell the training loss, and the figures on dev when an epoch ends."""
        logs: dict[str, float] = more.get("logs") or {}
        dev = {n.removeprefix("eval_"): v for n, v in logs.items() if n.startswith("eval_")}
        if "loss" in logs or dev:
            self._listener(
                Progress(
                    state.global_step,
                    state.max_steps,
                    state.epoch or 0.0,
                    loss=logs.get("loss"),
                    dev=dev or None,
                )
            )
