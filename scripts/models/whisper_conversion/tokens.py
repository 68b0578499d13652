"""The token table and the metadata that sherpa-onnx reads beside the weights."""

import base64
import re

from .ctranslate2_weights import WhisperWeights

# Smallest vocabulary of a multilingual Whisper; the English-only ones have 51,864 tokens.
MULTILINGUAL_VOCABULARY = 51_865
# The token for one space, which must not open a transcript.
BLANK_TOKEN = 220


def special_tokens(tokenizer: dict) -> dict[str, int]:
    return {token["content"]: token["id"] for token in tokenizer["added_tokens"]}


def byte_of_character() -> dict[str, int]:
    """GPT-2's printable stand-ins for bytes, reversed (bytes_to_unicode in its encoder.py)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {chr(byte): byte for byte in printable}
    others = (byte for byte in range(256) if byte not in printable)
    table.update({chr(256 + index): byte for index, byte in enumerate(others)})
    return table


def token_table(tokenizer: dict) -> str:
    """One line per text token: its bytes in base64, a space, its id."""
    special = special_tokens(tokenizer)
    end_of_text = special["<|endoftext|>"]
    table = byte_of_character()
    ordinary = sorted(
        (token_id, token)
        for token, token_id in tokenizer["model"]["vocab"].items()
        if token_id < end_of_text and token not in special
    )
    return "".join(
        f"{base64.b64encode(bytes(table[character] for character in token)).decode()} {token_id}\n"
        for token_id, token in ordinary
    )


def model_metadata(weights: WhisperWeights, tokenizer: dict, config: dict, name: str) -> dict[str, object]:
    """Keys, and their order, of sherpa-onnx's own exporter."""
    special = special_tokens(tokenizer)
    is_multilingual = weights.vocabulary_size >= MULTILINGUAL_VOCABULARY
    languages = sorted(
        (token_id, match.group(1))
        for token, token_id in special.items()
        if (match := re.fullmatch(r"<\|([a-z]{2,3})\|>", token))
    )
    start = special["<|startoftranscript|>"]
    prompt = [start, special["<|en|>"], special["<|transcribe|>"]] if is_multilingual else [start]
    return {
        "model_type": f"whisper-{name}",
        "version": "1",
        # The name under which the pinned files were first made; it is part of their bytes.
        "maintainer": "ct2_to_sherpa",
        "n_mels": weights.mel_count,
        "n_audio_ctx": weights.audio_context,
        "n_audio_state": weights.width,
        "n_audio_head": weights.head_count,
        "n_audio_layer": weights.layer_count("encoder"),
        "n_vocab": weights.vocabulary_size,
        "n_text_ctx": weights.text_context,
        "n_text_state": weights.width,
        "n_text_head": weights.head_count,
        "n_text_layer": weights.layer_count("decoder"),
        "sot_sequence": ",".join(map(str, prompt)),
        "all_language_tokens": ",".join(str(token_id) for token_id, _ in languages),
        "all_language_codes": ",".join(code for _, code in languages),
        "sot": start,
        "sot_index": 0,
        "eot": special["<|endoftext|>"],
        "blank_id": BLANK_TOKEN,
        "is_multilingual": int(is_multilingual),
        "no_speech": special.get("<|nocaptions|>", special.get("<|nospeech|>")),
        "non_speech_tokens": ",".join(map(str, config.get("suppress_ids", []))),
        "transcribe": special["<|transcribe|>"],
        "translate": special["<|translate|>"],
        "sot_prev": special["<|startofprev|>"],
        "sot_lm": special["<|startoflm|>"],
        "no_timestamps": special["<|notimestamps|>"],
    }
