"""The encoder to train: any with a fast tokenizer, or a model of attrib that is trained on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import torch  # noqa: TID253 - this package is the training; nothing light imports it
from tokenizers import Tokenizer
from torch.nn import ModuleList  # noqa: TID253
from transformers import (  # noqa: TID253
    AutoConfig,
    AutoModelForTokenClassification,
    AutoTokenizer,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from attrib.classes import CLASSES
from attrib.errors import ModelError
from attrib.modelfolder import MANIFEST, open_folder
from attrib.parts import layers_of
from attrib.settings import TrainSettings
from attrib.windows import Layout

# Their positions begin behind that of the padding, so the table holds some that no token takes.
_POSITIONS_BEHIND_PAD = {"camembert", "data2vec-text", "mpnet", "roberta", "xlm-roberta"}
_NARROW = 384
_WINDOW = 512


@dataclass(frozen=True, slots=True)
class Encoder:
    """An encoder with its tokenizer, and how its windows are laid."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    training: Layout
    scoring: Layout

    @property
    def pieces(self) -> Tokenizer:
        """The bare tokenizer, as scoring uses it."""
        return _bare(self.tokenizer)


def load_encoder(settings: TrainSettings) -> Encoder:
    """Load ``settings.base`` with a head for the classes, its own where it has learned them.

    Raises:
        ModelError: if there is no such encoder, its tokenizer is slow or lacks the special tokens,
            or the window is longer than the encoder can read.
    """
    with _told(settings.base):
        tokenizer = AutoTokenizer.from_pretrained(settings.base)
        model = _model(settings)
    if not tokenizer.is_fast:
        raise ModelError(
            f"{settings.base}: expected a fast tokenizer (tokenizer.json), found a slow one; "
            "choose an encoder that has one"
        )
    training = _layout(tokenizer, settings)
    limit = min(tokenizer.model_max_length, _longest(model.config))
    for name, tokens in ("window", settings.tokens), ("scoring_window", settings.scoring_window):
        if tokens is not None and tokens > limit:
            raise ModelError(
                f"{settings.base}: expected a window the encoder can read, found {tokens} "
                f"tokens for an encoder of {limit}; set {name} = {limit}"
            )
    if settings.masking and tokenizer.mask_token_id is None:
        raise ModelError(
            f"{settings.base}: expected a mask token to hide words with, found none; "
            "set masking = 0"
        )
    return Encoder(model, tokenizer, training, _scoring(training, settings))


def scoring_layout(folder: Path, settings: TrainSettings) -> Layout:
    """Return how windows are laid for the model saved in ``folder`` when it scores."""
    return _scoring(_layout(AutoTokenizer.from_pretrained(folder), settings), settings)


def resolved(settings: TrainSettings) -> TrainSettings:
    """Return ``settings`` with what they leave open decided for this encoder and machine.

    Raises:
        ModelError: if there is no such encoder.
    """
    with _told(settings.base):
        config = AutoConfig.from_pretrained(settings.base)
    fresh = not _knows_classes(config)
    rate = 2e-4 if fresh and config.hidden_size <= _NARROW else 5e-5
    window = min(_WINDOW, _longest(config))
    if (Path(settings.base) / MANIFEST).is_file():
        window = open_folder(Path(settings.base)).manifest.layout.size
    return replace(
        settings,
        window=settings.window or window,
        learning_rate=rate if settings.learning_rate is None else settings.learning_rate,
        precision=computed_in(settings.precision),
    )


def computed_in(precision: str) -> str:
    """Return what ``precision`` means here: ``auto`` is bf16 where the machine computes in it."""
    if precision != "auto":
        return precision
    if torch.cuda.is_available():
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    if torch.accelerator.is_available():
        return "fp32"
    fast = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return "bf16" if fast else "fp32"


@contextmanager
def _told(base: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, ImportError) as error:
        raise ModelError(
            f"{base}: expected an encoder, as a folder or the id of one on the Hugging Face hub, "
            f"found {str(error).splitlines()[0]}"
        ) from error


def _bare(tokenizer: PreTrainedTokenizerBase) -> Tokenizer:
    pieces: Tokenizer = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    pieces.no_truncation()
    pieces.no_padding()
    return pieces


def _scoring(training: Layout, settings: TrainSettings) -> Layout:
    size = settings.scoring_window or training.size
    return replace(training, size=size, overlap=settings.scoring_overlap)


def _layout(tokenizer: PreTrainedTokenizerBase, settings: TrainSettings) -> Layout:
    special = tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id
    for name, token in zip(("opening (cls)", "separator (sep)", "padding"), special, strict=True):
        if token is None:
            raise ModelError(
                f"{settings.base}: expected a tokenizer with an {name} token, found none; choose "
                "an encoder of the BERT, RoBERTa, DeBERTa or ModernBERT kind"
            )
    return Layout(settings.tokens, settings.overlap, *special)


def _model(settings: TrainSettings) -> PreTrainedModel:
    known = AutoConfig.from_pretrained(settings.base)
    config = AutoConfig.from_pretrained(
        settings.base,
        num_labels=len(CLASSES),
        id2label=dict(enumerate(map(str, CLASSES))),
        label2id={str(c): i for i, c in enumerate(CLASSES)},
        **_dropout(known, settings),
    )
    model: PreTrainedModel = AutoModelForTokenClassification.from_pretrained(
        settings.base, config=config, dtype=torch.float32, ignore_mismatched_sizes=True
    )
    if settings.pruning:
        _check_prunable(model, known, settings)
    if not _knows_classes(known):
        # A head for other labels is no start, even where its shape fits.
        torch.nn.init.normal_(model.classifier.weight, std=0.02)  # type: ignore[union-attr,arg-type]
        torch.nn.init.zeros_(model.classifier.bias)  # type: ignore[union-attr,arg-type]
    if settings.layers is not None:
        _keep_layers(model, settings)
    return model


def _check_prunable(
    model: PreTrainedModel, known: PreTrainedConfig, settings: TrainSettings
) -> None:
    if not layers_of(model):
        raise ModelError(
            f"{settings.base}: expected an encoder built like BERT's to prune, found one of the "
            f"kind {known.model_type}; set pruning = 0"
        )
    if not _knows_classes(known):
        raise ModelError(
            f"{settings.base}: expected a model that has learned the labels, to tell which of its "
            "parts they need, found an encoder; train it without pruning first"
        )
    if settings.layers not in (None, known.num_hidden_layers):
        raise ModelError(
            f"{settings.base}: expected all layers of a model that is pruned, found layers = "
            f"{settings.layers}; train it with fewer layers first, and prune that"
        )


def _keep_layers(model: PreTrainedModel, settings: TrainSettings) -> None:
    """Drop layers in between: the start of a student that is quicker than its encoder."""
    config, layers = model.config, settings.layers or 0
    depth = config.num_hidden_layers
    if layers > depth:
        raise ModelError(
            f"{settings.base}: expected layers to keep, found {layers} asked of an encoder of "
            f"{depth}; set layers = {depth} or fewer"
        )
    stack = next(m for m in model.modules() if isinstance(m, ModuleList) and len(m) == depth)
    kept = [round(k * (depth - 1) / max(1, layers - 1)) for k in range(layers)]
    held = [stack[k] for k in kept]
    del stack[:]
    stack.extend(held)
    config.num_hidden_layers = layers
    if types := getattr(config, "layer_types", None):  # ModernBERT's, of each layer
        config.layer_types = [types[k] for k in kept]


def _knows_classes(config: PreTrainedConfig) -> bool:
    return list((config.id2label or {}).values()) == list(map(str, CLASSES))


def _dropout(config: PreTrainedConfig, settings: TrainSettings) -> dict[str, float]:
    """Return the dropouts under the names that this kind of encoder has for them.

    Without dropout inside, attention runs as one fused kernel: twice the tokens a second.
    """
    names = {
        "hidden_dropout_prob": settings.dropout,
        "attention_probs_dropout_prob": settings.attention_dropout,
        "attention_dropout": settings.attention_dropout,
        "embedding_dropout": settings.dropout,
        "mlp_dropout": settings.dropout,
        "classifier_dropout": settings.dropout,
    }
    return {name: share for name, share in names.items() if hasattr(config, name)}


def _longest(config: PreTrainedConfig) -> int:
    """Return how many tokens the encoder has positions for."""
    positions = int(getattr(config, "max_position_embeddings", 0)) or 512
    behind = config.model_type in _POSITIONS_BEHIND_PAD
    return positions - (int(config.pad_token_id or 0) + 1 if behind else 0)
