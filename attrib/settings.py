"""How to train: the settings, from flags or a file. Knows no torch, so that ``--help`` is quick."""

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

from attrib.errors import DataError

_LONGEST_VERSION = 40
PRECISIONS = ("auto", "bf16", "fp16", "fp32")


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How to train.

    ``base`` is a hub id or a folder: an encoder, or a model that is trained on. Of its ``layers``
    so many are kept, evenly spread from the first to the last (None: all); the lowest ``frozen`` of
    them and the embeddings are not trained. ``pruning`` is the share of the time of the encoder's
    attention heads and feed-forward units that is saved, before training, by leaving out those that
    matter least to what it says, frozen ones too; what is out already counts. ``window`` is in
    tokens (None: that of the model trained on, or 512, or what the encoder can read), and
    ``scoring_window`` that of the model when it scores (None: the same); ``overlap`` and
    ``scoring_overlap`` are the shares of a whole window that the next one repeats, in training and
    afterwards. A step takes ``batch_size`` windows on each device, ``accumulation`` times. The
    ``learning_rate`` (None: ``2e-4`` for encoders up to 384 wide, ``5e-5`` for wider ones and for a
    model that is trained on) rises over the share ``warmup`` of the steps, then falls linearly to
    0; ``layer_decay`` multiplies it a layer from the head down. ``contested_weight`` and
    ``unnamed_weight`` multiply the loss of their class. ``masking`` is the share of tokens hidden
    at random. With ``patience`` the training stops when macro-F1 on dev has not risen for so many
    epochs, and the best epoch is kept; with 0 the last one is. ``precision`` auto is bf16 where the
    machine computes in it.
    """

    base: str
    layers: int | None = None
    frozen: int = 0
    pruning: float = 0.0
    window: int | None = None
    scoring_window: int | None = None
    overlap: float = 0.5
    scoring_overlap: float = 0.125
    epochs: int = 4
    batch_size: int = 8
    accumulation: int = 1
    learning_rate: float | None = None
    layer_decay: float = 0.85
    weight_decay: float = 0.05
    warmup: float = 0.1
    label_smoothing: float = 0.05
    focal_gamma: float = 0.0
    contested_weight: float = 1.5
    unnamed_weight: float = 1.0
    dropout: float = 0.1
    attention_dropout: float = 0.0
    masking: float = 0.12
    patience: int = 2
    precision: str = "auto"
    seed: int = 0

    @property
    def tokens(self) -> int:
        """The length of a window, which must have been settled by now."""
        if self.window is None:
            raise ValueError("expected a window, found None: resolve the settings first")
        return self.window

    @property
    def rate(self) -> float:
        """The learning rate of the head, which must have been settled by now."""
        if self.learning_rate is None:
            raise ValueError("expected a learning rate, found None: resolve the settings first")
        return self.learning_rate

    def __post_init__(self) -> None:
        """Refuse what no training can do.

        Raises:
            DataError: naming the setting, what was expected and what was found.
        """
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                shown = f"{low} to {high}" if high != _ANY else f"{low} or more"
                raise DataError(f"setting {name}: expected {shown}, found {value}")
        if self.precision not in PRECISIONS:
            raise DataError(
                f"setting precision: expected {', '.join(PRECISIONS)}, found {self.precision!r}"
            )


_ANY = float("inf")
_NEARLY_ONE = 0.95
_RANGES: dict[str, tuple[float, float]] = {
    "layers": (1, _ANY),
    "frozen": (0, _ANY),
    "pruning": (0, _NEARLY_ONE),
    "window": (8, _ANY),
    "scoring_window": (8, _ANY),
    "overlap": (0, _NEARLY_ONE),
    "scoring_overlap": (0, _NEARLY_ONE),
    "epochs": (1, _ANY),
    "batch_size": (1, _ANY),
    "accumulation": (1, _ANY),
    "learning_rate": (0, 1),
    "layer_decay": (0, 1),
    "weight_decay": (0, _ANY),
    "warmup": (0, _NEARLY_ONE),
    "label_smoothing": (0, 1),
    "focal_gamma": (0, _ANY),
    "contested_weight": (0, _ANY),
    "unnamed_weight": (0, _ANY),
    "dropout": (0, _NEARLY_ONE),
    "attention_dropout": (0, _NEARLY_ONE),
    "masking": (0, _NEARLY_ONE),
    "patience": (0, _ANY),
}


def is_first_process() -> bool:
    """Say whether this is the one process of a training, or the first of those on several GPUs.

    The first alone writes the folder; the launcher numbers them in ``RANK``.
    """
    return os.environ.get("RANK", "0") == "0"


def model_version(given: str | None) -> str:
    """Return ``given`` as the version of a model; of None today's date, such as ``2026.3.9``.

    Raises:
        DataError: if it is no text of one line that can be shown.
    """
    if given is None:
        today = datetime.now().astimezone()
        return f"{today.year}.{today.month}.{today.day}"
    if not given.strip() or not given.isprintable() or len(given) > _LONGEST_VERSION:
        raise DataError(
            f"--model-version: expected a text of 1 to {_LONGEST_VERSION} characters on one line, "
            f"such as 1.0, found {given!r:.80}"
        )
    return given.strip()


def changed(settings: TrainSettings, values: Mapping[str, Any], where: str) -> TrainSettings:
    """Return ``settings`` with ``values``, given as text or as numbers, in place of its own.

    Raises:
        DataError: naming ``where`` and the setting that is unknown or has no such value.
    """
    hints = get_type_hints(TrainSettings)
    unknown = sorted(values.keys() - hints.keys())
    if unknown:
        known = ", ".join(field.name for field in fields(TrainSettings))
        raise DataError(f"{where}: expected settings among {known}; found {unknown[0]!r}")
    return replace(
        settings, **{name: _typed(hints[name], v, name, where) for name, v in values.items()}
    )


def _typed(hint: Any, value: Any, name: str, where: str) -> Any:
    kinds = get_args(hint) or (hint,)
    if NoneType in kinds and (value is None or value == "none"):
        return None
    kind = kinds[0]
    try:
        typed = kind(value)
    except (TypeError, ValueError):
        typed = None
    if typed is None or isinstance(value, bool) or (kind is int and typed != float(value)):
        expected = {int: "a whole number", float: "a number", str: "text"}[kind]
        raise DataError(f"{where}: {name}: expected {expected}, found {value!r}")
    return typed


def read_settings(path: Path) -> dict[str, Any]:
    """Return the settings of a TOML, YAML or JSON file, by name.

    Raises:
        DataError: if it cannot be read or holds no settings by name.
    """
    try:
        text = path.read_text(encoding="utf-8")
        match path.suffix.lower():
            case ".toml":
                found: Any = tomllib.loads(text)
            case ".yaml" | ".yml":
                import yaml

                try:
                    found = yaml.safe_load(text)
                except yaml.YAMLError as error:
                    raise ValueError(str(error).replace("\n", " ")) from error
            case _:
                found = json.loads(text)
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path}: expected settings as TOML (.toml), YAML (.yaml) or JSON, found {error}"
        ) from error
    if not isinstance(found, dict):
        raise DataError(f"{path}: expected settings by name, found {type(found).__name__}")
    return found
