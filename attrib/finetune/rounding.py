"""Training with the rounding that the graph will store weights with.

The forward pass sees each matrix that is trained as the graph will hold it; the gradient passes the
rounding as if it were not there (straight-through, Bengio et al. 2013; Jacob et al. 2018). What is
saved are the rounded weights, which the graph then stores without a further loss.
"""

import torch  # noqa: TID253 - this package is the training; nothing light imports it
from torch import Tensor, nn  # noqa: TID253
from torch.nn.utils import parametrize  # noqa: TID253
from transformers import PreTrainedModel  # noqa: TID253

from attrib.export import LARGEST, MIN_FOLDED


class Rounded(nn.Module):
    """A matrix ``(outputs, inputs)`` in ``LARGEST`` steps on either side of zero, by output."""

    def forward(self, weight: Tensor) -> Tensor:
        """Return ``weight`` rounded."""
        with torch.no_grad():
            # The largest is saved in half precision, and the steps are counted from what is saved.
            largest = weight.abs().amax(1, keepdim=True).half().to(weight.dtype)
            scale = largest.clamp(min=1e-12) / LARGEST
            away = (weight / scale).round() * scale - weight
        return weight + away


def rounding(model: PreTrainedModel) -> None:
    """Have ``model`` compute with its large matrices rounded."""
    for module in list(model.modules()):
        if isinstance(module, nn.Linear):
            weight = module.weight
            if weight.requires_grad and weight.numel() >= MIN_FOLDED:
                parametrize.register_parametrization(module, "weight", Rounded())


def rounded(model: PreTrainedModel) -> None:
    """Put the rounded weights in the place of those that were trained."""
    for module in list(model.modules()):
        if isinstance(module, nn.Linear) and parametrize.is_parametrized(module, "weight"):
            parametrize.remove_parametrizations(module, "weight")
