"""Tiny random encoders, as the hub has them: one of each kind, with a tokenizer of its kind."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch  # noqa: TID253 - training is what they are for
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import (  # noqa: TID253
    BertConfig,
    BertForTokenClassification,
    DebertaV2Config,
    DebertaV2Model,
    ModernBertConfig,
    ModernBertModel,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaModel,
)

SIZE: dict[str, Any] = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 128,
}
SHARP = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
ANGLED = {"pad": "<pad>", "unk": "<unk>", "cls": "<s>", "sep": "</s>", "mask": "<mask>"}


def word_pieces(texts: list[str], special: list[str]) -> Tokenizer:
    pieces = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    pieces.normalizer = normalizers.BertNormalizer(lowercase=True)
    pieces.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=500, special_tokens=special, show_progress=False)
    pieces.train_from_iterator(texts, trainer)
    return pieces


def byte_pairs(texts: list[str], special: list[str]) -> Tokenizer:
    pieces = Tokenizer(models.BPE())
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=500,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    pieces.train_from_iterator(texts, trainer)
    return pieces


def unigrams(texts: list[str], special: list[str]) -> Tokenizer:
    pieces = Tokenizer(models.Unigram())
    pieces.normalizer = normalizers.NFKC()
    pieces.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=500, special_tokens=special, unk_token="[UNK]", show_progress=False
    )
    pieces.train_from_iterator(texts, trainer)
    return pieces


@dataclass(frozen=True)
class Kind:
    """How to make an encoder of one kind."""

    encoder: Callable[..., PreTrainedModel]
    pieces: Callable[[list[str], list[str]], Tokenizer]
    special: dict[str, str]
    positions: int = 128


def bert(**given: Any) -> PreTrainedModel:
    # With a head for labels of its own, as a model fine-tuned for something else has one.
    return BertForTokenClassification(BertConfig(**SIZE, **given, id2label=dict(enumerate("wxyz"))))


def roberta(**given: Any) -> PreTrainedModel:
    return RobertaModel(RobertaConfig(**SIZE, **given))


def deberta(**given: Any) -> PreTrainedModel:
    relative: dict[str, Any] = {
        "relative_attention": True,
        "pos_att_type": ["p2c", "c2p"],
        "position_buckets": 16,
    }
    return DebertaV2Model(DebertaV2Config(**SIZE, **given, **relative))


def modernbert(**given: Any) -> PreTrainedModel:
    return ModernBertModel(ModernBertConfig(**SIZE, **given, local_attention=32))


KINDS = {
    "bert": Kind(bert, word_pieces, SHARP),
    # Its positions begin behind the padding's: 130 of them take 128 tokens.
    "roberta": Kind(roberta, byte_pairs, ANGLED, positions=130),
    "deberta": Kind(deberta, unigrams, SHARP),
    "modernbert": Kind(modernbert, byte_pairs, SHARP),
}


def made(kind: Kind, texts: list[str], folder: Path) -> Path:
    """Write an encoder of ``kind`` whose tokenizer has learned from ``texts``."""
    # RoBERTa's padding is token 1.
    order = ["cls", "pad", "sep", "unk", "mask"] if kind.special is ANGLED else list(kind.special)
    pieces = kind.pieces(texts, [kind.special[name] for name in order])
    named = {f"{name}_token": token for name, token in kind.special.items()}
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=pieces, model_max_length=128, **named
    ).save_pretrained(folder)
    ids = {f"{n}_token_id": pieces.token_to_id(kind.special[n]) for n in ("pad", "cls", "sep")}
    torch.manual_seed(0)
    kind.encoder(
        vocab_size=pieces.get_vocab_size(),
        max_position_embeddings=kind.positions,
        **ids,
        bos_token_id=ids["cls_token_id"],
        eos_token_id=ids["sep_token_id"],
    ).save_pretrained(folder)
    return folder
