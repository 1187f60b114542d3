"""The optimizer: learning rates that fall from the head down, and what is not trained at all."""

from itertools import pairwise

import torch  # noqa: TID253 - this package is the training; nothing light imports it
from transformers import PreTrainedModel  # noqa: TID253

from attrib.settings import TrainSettings


def optimizer(model: PreTrainedModel, settings: TrainSettings) -> torch.optim.Optimizer:
    """Return AdamW, its learning rate falling from head to embeddings; vectors do not decay."""
    depth = model.config.num_hidden_layers
    groups: dict[tuple[int, bool], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            groups.setdefault((_below(name, depth), parameter.ndim > 1), []).append(parameter)
    return torch.optim.AdamW(
        [
            {
                "params": parameters,
                "lr": settings.rate * settings.layer_decay**below,
                "weight_decay": settings.weight_decay if matrix else 0.0,
            }
            for (below, matrix), parameters in groups.items()
        ]
    )


def freeze(model: PreTrainedModel, layers: int) -> None:
    """Leave the embeddings and the lowest ``layers`` of ``model`` as they are; with 0, none."""
    depth = model.config.num_hidden_layers
    for name, parameter in model.named_parameters():
        if layers and _below(name, depth) > depth - layers:
            parameter.requires_grad_(False)


def _below(name: str, depth: int) -> int:
    """Return how many layers below the head a parameter stands, the embeddings lowest."""
    parts = name.split(".")
    if any("embeddings" in part or part == "relative_attention_bias" for part in parts):
        return depth + 1
    # "encoder.layer.3" in BERT, RoBERTa, DeBERTa and MPNet, "layers.3" in ModernBERT.
    number = next((after for part, after in pairwise(parts) if part in ("layer", "layers")), None)
    return depth - int(number) if number is not None else 0
