"""The training itself, with transformers' Trainer.

This module does not know how a model is exported, calibrated or released.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from shutil import rmtree
from typing import Any

import torch  # noqa: TID253 - this package is the training; nothing light imports it
from datasets import Dataset  # noqa: TID253
from transformers import (  # noqa: TID253
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PrinterCallback,
    Trainer,
    TrainingArguments,
)
from transformers.trainer import TRAINER_STATE_NAME  # noqa: TID253

from attrib.corpus import LabelledArticle
from attrib.errors import TrainingError
from attrib.finetune.chance import ByLength, Chance, masking
from attrib.finetune.encoder import Encoder, load_encoder, resolved
from attrib.finetune.loss import dev_metrics, loss_function
from attrib.finetune.pruning import SEEN, prune
from attrib.finetune.rates import freeze, optimizer
from attrib.finetune.rounding import rounded, rounding
from attrib.finetune.rows import collator, windows_dataset
from attrib.finetune.watch import Watch, callbacks
from attrib.parts import parts_of
from attrib.settings import TrainSettings

TRAINED = "trained"
_PRUNED = "pruned.pt"


def fine_tune(
    articles: Sequence[LabelledArticle],
    dev: Sequence[LabelledArticle],
    settings: TrainSettings,
    work: Path,
    watch: Watch | None = None,
) -> Path:
    """Fine-tune ``settings.base`` and return the folder in ``work`` where the result was saved.

    Every few minutes (of one process) and at each epoch's end a checkpoint is left in ``work``,
    from which the same call goes on as if it had not stopped; a training that was finished there is
    not done again. The folder holds half-precision weights, config and tokenizer, as
    ``from_pretrained`` reads them.

    Raises:
        ModelError: if the base is none to train.
        TrainingError: if the memory does not suffice, or a checkpoint is one of an earlier build.
    """
    trained = work / TRAINED
    if trained.is_dir():
        return trained
    settings, watch = resolved(settings), watch or Watch()
    torch.manual_seed(settings.seed)
    encoder = load_encoder(settings)
    freeze(encoder.model, settings.frozen)
    rows = windows_dataset(articles, encoder.pieces, encoder.training)
    last = complete_checkpoints(work)[-1:]
    arguments = _arguments(settings, work)
    if settings.pruning:
        with arguments.main_process_first(local=False):
            _prune(encoder, rows, settings, arguments)
    # What nothing hears would stay zeros, and cost the time of numbers.
    narrowed = [(parts, parts.narrow()) for parts in parts_of(encoder.model)]
    rounding(encoder.model)
    held = windows_dataset(dev, encoder.pieces, encoder.scoring, judged_only=True)
    chance = Chance(settings.seed)
    a_step = settings.batch_size * settings.accumulation
    order = ByLength(a_step, [len(ids) for ids in rows["input_ids"]], chance)
    if settings.masking:
        kept = set(encoder.tokenizer.all_special_ids)
        hide = masking(encoder.tokenizer.mask_token_id, kept, settings.masking, chance)
        rows.set_transform(hide)
    trainer = _Trainer(
        model=encoder.model,
        args=arguments,
        data_collator=collator(encoder.tokenizer),
        train_dataset=rows,
        eval_dataset=held,
        compute_metrics=dev_metrics,
        compute_loss_func=loss_function(settings),
        optimizers=(optimizer(encoder.model, settings), None),
        callbacks=[chance, *callbacks(settings, watch)],
    )
    trainer.order = order
    trainer.remove_callback(PrinterCallback)
    _run(trainer, str(last[0]) if last else None)
    if trainer.is_world_process_zero():
        rounded(encoder.model)
        for parts, whole in narrowed:
            parts.widen(whole)
        _save(encoder.model, encoder.tokenizer, trained)
    return trained


def _prune(
    encoder: Encoder, rows: Dataset, settings: TrainSettings, arguments: TrainingArguments
) -> None:
    """Prune ``encoder``, or take over how it was pruned before this training was interrupted."""
    work = Path(str(arguments.output_dir))
    work.mkdir(parents=True, exist_ok=True)
    held = work / _PRUNED
    if held.exists():
        encoder.model.load_state_dict(torch.load(held, map_location="cpu", weights_only=True))
        return
    judged = rows.filter(lambda closers: len(closers) > 0, input_columns="closers")
    seen = list(judged.shuffle(settings.seed).select(range(min(len(judged), SEEN))))
    encoder.model.to(arguments.device)  # type: ignore[arg-type]
    prune(encoder.model, seen, settings.pruning, encoder.training.sep)
    beside = held.with_suffix(".part")
    torch.save(encoder.model.state_dict(), beside)
    beside.rename(held)


def _run(trainer: Trainer, last: str | None) -> None:
    try:
        trainer.train(resume_from_checkpoint=last)
    except (RuntimeError, MemoryError) as error:
        if isinstance(error, MemoryError) or any(s in str(error) for s in _NO_MEMORY):
            raise TrainingError(
                "expected memory enough for a step, found too little; halve batch_size and double "
                "accumulation, which trains alike in less memory, or shorten the window"
            ) from error
        if "size mismatch" in str(error):
            raise TrainingError(
                f"{last}: expected a checkpoint of this model, found one of other shapes, as an "
                "earlier build of attrib left them; remove the folder around it to start anew"
            ) from error
        raise


_NO_MEMORY = ("out of memory", "not enough memory", "can't allocate memory", "alloc_failed")


class _Trainer(Trainer):
    """The Trainer, with windows in an ``order`` that does not hang on where it went on from."""

    order: ByLength

    def _get_train_sampler(self, train_dataset: Any = None) -> ByLength:
        del train_dataset
        return self.order


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
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=2,
        load_best_model_at_end=stopping,
        restore_callback_states_from_checkpoint=True,  # how long early stopping has waited
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
