"""Go on with a BERT-style encoder's masked-language training on unlabelled articles.

    python scripts/adapt.py unlabelled.jsonl.gz OUT --base BASE --count 1500

``OUT`` is a base for make_model.py. Whether it helps is told in scripts/LOG.md.
"""

import argparse
import gzip
import json
from itertools import islice
from pathlib import Path
from typing import Any

import torch  # noqa: TID253 - it trains
from datasets import Dataset  # noqa: TID253
from transformers import (  # noqa: TID253
    AutoModelForMaskedLM,
    AutoTokenizer,
    DataCollatorForLanguageModeling,
    Trainer,
    TrainingArguments,
)

from attrib.finetune.rows import IGNORED


class MaskedTrainer(Trainer):
    """A Trainer that puts only the hidden tokens through the vocabulary's matrix.

    It costs as much as the whole of a small encoder, and five tokens of six have no loss.
    """

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, Any],
        return_outputs: bool = False,  # noqa: ARG002 - the Trainer's signature
        num_items_in_batch: torch.Tensor | int | None = None,  # noqa: ARG002
    ) -> Any:
        """Return the mean cross-entropy of the hidden tokens."""
        labels = inputs.pop("labels")
        hidden = model.base_model(**inputs).last_hidden_state
        at = labels != IGNORED
        logits = model.cls(hidden[at])
        return torch.nn.functional.cross_entropy(logits.float(), labels[at])


def main() -> None:
    """Cut the articles into windows, train, and save encoder and tokenizer."""
    parser = argparse.ArgumentParser(description="Continue masked-language training.")
    parser.add_argument("articles", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", default="sentence-transformers/all-MiniLM-L6-v2")
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--window", type=int, default=256)
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    arguments = parser.parse_args()

    tokenizer = AutoTokenizer.from_pretrained(arguments.base)
    model = AutoModelForMaskedLM.from_pretrained(
        arguments.base, attention_probs_dropout_prob=0.0, dtype=torch.float32
    )
    with gzip.open(arguments.articles, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, arguments.count)]
    chunks = tokenizer(
        texts,
        truncation=True,
        max_length=arguments.window,
        return_overflowing_tokens=True,
        return_special_tokens_mask=True,
    )
    rows = Dataset.from_dict({k: chunks[k] for k in ("input_ids", "special_tokens_mask")})
    work = arguments.out.with_name(arguments.out.name + ".work")
    trainer = MaskedTrainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(work),
            num_train_epochs=1,
            per_device_train_batch_size=16,
            learning_rate=arguments.learning_rate,
            warmup_steps=50,
            bf16=True,
            use_cpu=not torch.accelerator.is_available(),
            train_sampling_strategy="group_by_length",
            remove_unused_columns=False,
            save_strategy="no",
            logging_steps=25,
            report_to=[],
            seed=0,
        ),
        data_collator=DataCollatorForLanguageModeling(tokenizer, mlm_probability=0.15),
        train_dataset=rows,
    )
    print(len(texts), "articles,", len(rows), "windows", flush=True)
    trainer.train()
    model.save_pretrained(arguments.out)
    tokenizer.save_pretrained(arguments.out)


if __name__ == "__main__":
    main()
