"""The last layer at the separators alone answers as the whole layer does."""

from pathlib import Path
from typing import Any

import pytest
import torch  # noqa: TID253 - an encoder is what is tested here
from encoders import KINDS, made
from transformers import AutoModelForTokenClassification, PreTrainedModel  # noqa: TID253

from attrib.lastlayer import AtClosers

SHORT = {"bert", "roberta"}


@pytest.mark.parametrize("kind", KINDS)
def test_separators_get_the_logits_of_the_whole_layer(
    kind: str, records: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    base = made(KINDS[kind], [record["text"] for record in records.values()], tmp_path)

    def classifier() -> PreTrainedModel:
        torch.manual_seed(1)
        model: PreTrainedModel = AutoModelForTokenClassification.from_pretrained(
            base, attn_implementation="eager", num_labels=4, ignore_mismatched_sizes=True
        )
        model.train(False)
        return model

    ids = torch.randint(10, 200, (2, 20), generator=torch.Generator().manual_seed(0))
    mask = torch.ones_like(ids)
    mask[1, 12:] = 0
    closers = torch.tensor([[4, 9, 19], [3, 11, 0]])  # the second has two, and a zero to fill up
    short = AtClosers(classifier())
    assert (short.attention is not None) == (kind in SHORT)
    with torch.inference_mode():
        whole = classifier()(input_ids=ids, attention_mask=mask).logits
        found = short(ids, mask, closers)
    assert found.shape == (2, 3, 4)
    for window in range(2):
        expected = whole[window, closers[window]]
        assert torch.allclose(found[window], expected, atol=1e-5)
    assert whole.std() > 1e-3  # what is compared is not nothing
