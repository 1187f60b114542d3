"""Leaving out the heads and units that matter least to what a model says, for its speed.

What a part matters is estimated by Fisher information: the square of the gradient of the
log-likelihood of the model's own answers by a gate on the part, which to second order is how far
its probabilities move without it (Theis et al. 2018; Kwon et al. 2022). Parts go in rounds, those
first that matter least for the time they take; ``attrib.parts`` says what becomes of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import torch  # noqa: TID253 - this package is the training; nothing light imports it
from torch import Tensor, nn  # noqa: TID253
from transformers import PreTrainedModel  # noqa: TID253

from attrib.parts import Parts, heads_of, layers_of, units_of

_ROUNDS = 8
_WINDOWS = 100  # a round
SEEN = _ROUNDS * _WINDOWS
# The graph's time in terms of its products of integers ("Heads and units left out" in
# scripts/LOG.md): a product of attention, which is in float32 and has a softmax, takes as long as
# five of them, and what is done to a unit's value beside multiplying it as 300.
_FLOAT = 5
_VALUE = 300


@dataclass(frozen=True, slots=True)
class _Group:
    """The heads of a layer, or its units, and the time of one."""

    parts: Parts
    time: float


def prune(
    model: PreTrainedModel, rows: Sequence[Mapping[str, Any]], share: float, sep: int
) -> None:
    """Silence parts of ``model`` until ``share`` of the time of all is spared.

    ``rows`` are windows with ``input_ids`` and ``closers``, at least one; ``share`` lies in [0, 1);
    ``sep`` is the token at which sentences are judged. The model is built like BERT.
    """
    groups = _groups(model, rows, sep)
    wanted = share * sum(group.parts.count * group.time for group in groups)
    start = spare = sum(int((~group.parts.heard).sum()) * group.time for group in groups)
    if start >= wanted:
        return
    windows, size = cycle(rows), min(_WINDOWS, len(rows))
    model.train(False)
    for number in range(1, _ROUNDS + 1):
        matter = _matter(model, groups, list(islice(windows, size)))
        spare = _cut(groups, matter, start + (wanted - start) * number / _ROUNDS, spare)


def _groups(model: PreTrainedModel, rows: Sequence[Mapping[str, Any]], sep: int) -> list[_Group]:
    layers = layers_of(model)
    tokens = sum(len(row["input_ids"]) for row in rows)
    judged = sum(row["input_ids"].count(sep) for row in rows) / tokens
    length = sum(len(row["input_ids"]) ** 2 for row in rows) / tokens
    groups = []
    for layer in layers:
        last = layer is layers[-1]  # computed at the separators alone, but for keys and values
        asked = judged if last else 1.0
        wide, head = model.config.hidden_size, layer.attention.self.attention_head_size
        products = 2 * wide * head * (1 + asked) + 2 * _FLOAT * length * head * asked
        unit = (2 * wide + _VALUE) * asked
        for parts, time in (heads_of(layer), products), (units_of(layer), unit):
            groups.append(_Group(parts, time))
    return groups


def _matter(
    model: PreTrainedModel, groups: Sequence[_Group], rows: Sequence[Mapping[str, Any]]
) -> list[Tensor]:
    """Return what each part of each group matters, ``(parts,)``."""
    found = [torch.zeros(group.parts.count, device=model.device) for group in groups]
    with _gated(groups, model.device) as gates:
        for row in rows:
            ids = torch.tensor([row["input_ids"]], device=model.device)
            logits = model(input_ids=ids).logits[0, row["closers"]]
            said = torch.multinomial(logits.detach().softmax(-1), 1)[:, 0]
            loss = nn.functional.cross_entropy(logits, said, reduction="sum")
            slopes = torch.autograd.grad(loss, gates)
            found = [total + slope**2 for total, slope in zip(found, slopes, strict=True)]
    return found


@contextmanager
def _gated(groups: Sequence[_Group], device: torch.device) -> Iterator[list[Tensor]]:
    """Multiply each part by a gate of 1, ``(parts,)`` a group."""
    gates = [torch.ones(group.parts.count, device=device, requires_grad=True) for group in groups]
    hooks = [
        group.parts.reading.register_forward_pre_hook(_through(gate))
        for group, gate in zip(groups, gates, strict=True)
    ]
    try:
        yield gates
    finally:
        for hook in hooks:
            hook.remove()


def _through(gate: Tensor) -> Callable[[nn.Module, tuple[Tensor]], Tensor]:
    def gated(module: nn.Module, inputs: tuple[Tensor]) -> Tensor:
        del module
        (values,) = inputs
        return values * gate.repeat_interleave(values.shape[-1] // len(gate))

    return gated


def _cut(groups: Sequence[_Group], matter: Sequence[Tensor], wanted: float, spare: float) -> float:
    """Silence those that matter least for their time until ``wanted`` is spared; return what is."""
    heard = [group.parts.heard for group in groups]
    ranked = sorted(
        (value / group.time, k, part)
        for k, group in enumerate(groups)
        for part, value in enumerate(matter[k].tolist())
        if heard[k][part]
    )
    for _, k, part in ranked:
        if spare >= wanted:
            break
        heard[k][part] = False
        spare += groups[k].time
    for group, still in zip(groups, heard, strict=True):
        group.parts.silence(~still)
    return spare
