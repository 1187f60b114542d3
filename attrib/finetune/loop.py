"""The training itself, with transformers' Trainer.

This module does not know how a model is exported, calibrated or released.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

import torch  # noqa: TID253 - this package is the training; nothing light imports it
from transformers import (  # noqa: TID253
    EarlyStoppingCallback,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from transformers.integrations import TensorBoardCallback  # noqa: TID253
from transformers.trainer import TRAINER_STATE_NAME  # noqa: TID253

from attrib.corpus import LabelledArticle
from attrib.errors import TrainingError
from attrib.finetune.encoder import load_encoder, resolved
from attrib.finetune.links import attach, detach
from attrib.finetune.loss import dev_metrics, loss_function
from attrib.finetune.rates import freeze, optimizer
from attrib.finetune.rows import collator, masking, windows_dataset
from attrib.settings import TrainSettings

TRAINED = "trained"


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


def fine_tune(
    articles: Sequence[LabelledArticle],
    dev: Sequence[LabelledArticle],
    settings: TrainSettings,
    work: Path,
    watch: Watch | None = None,
) -> Path:
    """Fine-tune ``settings.base`` and return the folder in ``work`` where the result was saved.

    Each epoch's end is a checkpoint in ``work`` to go on from; a training that was finished there
    is not done again. The folder holds half-precision weights, config and tokenizer, as
    ``from_pretrained`` reads them.

    Raises:
        ModelError: if the base is none to train.
        TrainingError: if the memory does not suffice.
    """
    trained = work / TRAINED
    if trained.is_dir():
        return trained
    settings, watch = resolved(settings), watch or Watch()
    torch.manual_seed(settings.seed)
    encoder = load_encoder(settings)
    freeze(encoder.model, settings.frozen)
    links = attach(encoder.model) if settings.link_weight else None
    rows = windows_dataset(articles, encoder.pieces, encoder.training, linked=links is not None)
    held = windows_dataset(dev, encoder.pieces, encoder.scoring, judged_only=True)
    if settings.masking:
        kept = set(encoder.tokenizer.all_special_ids)
        rows.set_transform(masking(encoder.tokenizer.mask_token_id, kept, settings.masking))
    trainer = Trainer(
        model=encoder.model,
        args=_arguments(settings, work),
        data_collator=collator(encoder.tokenizer),
        train_dataset=rows,
        eval_dataset=held,
        compute_metrics=dev_metrics,
        compute_loss_func=loss_function(settings, links),
        optimizers=(optimizer(encoder.model, settings), None),
        callbacks=_callbacks(settings, watch),
    )
    trainer.remove_callback(PrinterCallback)
    last = complete_checkpoints(work)[-1:]
    _run(trainer, str(last[0]) if last else None)
    if trainer.is_world_process_zero():
        detach(encoder.model)
        _save(encoder.model, encoder.tokenizer, trained)
    return trained


def _run(trainer: Trainer, last: str | None) -> None:
    try:
        trainer.train(resume_from_checkpoint=last)
    except (RuntimeError, MemoryError) as error:
        if isinstance(error, MemoryError) or any(s in str(error) for s in _NO_MEMORY):
            raise TrainingError(
                "expected memory enough for a step, found too little; halve batch_size and double "
                "accumulation, which trains alike in less memory, or shorten the window"
            ) from error
        raise


_NO_MEMORY = ("out of memory", "not enough memory", "can't allocate memory", "alloc_failed")


def _callbacks(settings: TrainSettings, watch: Watch) -> list[TrainerCallback]:
    callbacks: list[TrainerCallback] = []
    if settings.patience:
        callbacks.append(EarlyStoppingCallback(settings.patience))
    if watch.listener:
        callbacks.append(_Tell(watch.listener))
    if watch.tensorboard:
        from torch.utils.tensorboard import SummaryWriter

        writer = SummaryWriter(log_dir=str(watch.tensorboard))
        callbacks.append(TensorBoardCallback(writer))  # type: ignore[no-untyped-call]
    return callbacks


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


def _save(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, trained: Path) -> None:
    beside = trained.with_name(trained.name + ".part")
    rmtree(beside, ignore_errors=True)
    model.half().save_pretrained(beside)  # type: ignore[no-untyped-call]
    tokenizer.save_pretrained(beside)
    beside.rename(trained)


def _arguments(settings: TrainSettings, work: Path) -> TrainingArguments:
    stopping = settings.patience > 0
    return TrainingArguments(
        output_dir=str(work),
        num_train_epochs=settings.epochs,
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=settings.batch_size,
        gradient_accumulation_steps=settings.accumulation,
        learning_rate=settings.rate,
        warmup_steps=settings.warmup,
        bf16=settings.precision == "bf16",
        fp16=settings.precision == "fp16",
        use_cpu=not torch.accelerator.is_available(),
        train_sampling_strategy="group_by_length",
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=2,
        load_best_model_at_end=stopping,
        metric_for_best_model="macro_f1" if stopping else None,
        greater_is_better=True if stopping else None,
        logging_steps=1,
        disable_tqdm=True,
        report_to=[],
        remove_unused_columns=False,
        seed=settings.seed,
    )


def complete_checkpoints(work: Path) -> list[Path]:
    """Return the checkpoints in ``work`` in order, and remove any that a kill left half-written.

    The Trainer writes a checkpoint's ``trainer_state.json`` last.
    """
    found = sorted(work.glob("checkpoint-*"), key=lambda p: int(p.name.split("-")[1]))
    complete = []
    for checkpoint in found:
        try:
            json.loads((checkpoint / TRAINER_STATE_NAME).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            rmtree(checkpoint)
        else:
            complete.append(checkpoint)
    return complete
