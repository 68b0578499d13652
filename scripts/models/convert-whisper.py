"""Converts Whisper from CTranslate2 weights to the three files that sherpa-onnx reads.

    python convert-whisper.py --weights model.bin --tokenizer tokenizer.json \
        --config config.json --name base --output DIRECTORY

Writes NAME-encoder.int8.onnx, NAME-decoder.int8.onnx and NAME-tokens.txt. Takes about 15 s and 1 GB of memory for
Whisper base. The same input, package versions (requirements.txt) and names give the same bytes: the catalogue pins
their sha256.
"""

import argparse
import json
import logging
import tempfile
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

from whisper_conversion.ctranslate2_weights import read_weights
from whisper_conversion.decoder import build_decoder
from whisper_conversion.encoder import build_encoder
from whisper_conversion.tokens import model_metadata, token_table


def main() -> None:
    arguments = parse_arguments()
    weights = read_weights(arguments.weights)
    tokenizer = json.loads(arguments.tokenizer.read_text(encoding="utf8"))
    config = json.loads(arguments.config.read_text(encoding="utf8"))

    encoder = build_encoder(weights)
    for key, value in model_metadata(weights, tokenizer, config, arguments.name).items():
        entry = encoder.metadata_props.add()
        entry.key = key
        entry.value = str(value)
    decoder = build_decoder(weights)

    arguments.output.mkdir(parents=True, exist_ok=True)
    quantize(encoder, arguments.output / f"{arguments.name}-encoder.int8.onnx")
    quantize(decoder, arguments.output / f"{arguments.name}-decoder.int8.onnx")
    (arguments.output / f"{arguments.name}-tokens.txt").write_text(token_table(tokenizer))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True, help="CTranslate2 model.bin, 16-bit floats")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json beside it")
    parser.add_argument("--config", type=Path, required=True, help="config.json beside it")
    parser.add_argument("--name", required=True, help="first part of the file names, such as base")
    parser.add_argument("--output", type=Path, required=True, help="directory for the three files")
    return parser.parse_args()


def quantize(model: onnx.ModelProto, target: Path) -> None:
    """Writes the model with the weights of its matrix products as 8-bit integers, one scale a column."""
    # The quantizer advises a pre-processing step on every run; these graphs have fixed shapes and do not need it.
    logging.getLogger().setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(dir=target.parent) as directory:
        full = Path(directory) / "model.onnx"
        onnx.save(model, full)
        quantize_dynamic(
            full, target, op_types_to_quantize=["MatMul"], weight_type=QuantType.QInt8, per_channel=True
        )


if __name__ == "__main__":
    main()
