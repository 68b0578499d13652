"""Reads the binary weight file of CTranslate2 (format 6: model_spec.py of that project)."""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# Type ids of the format, in its order.
ELEMENT_TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)


class ByteReader:
    """Walks through little-endian fields."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.offset = 0

    def number(self, code: str) -> int:
        (value,) = struct.unpack_from("<" + code, self.data, self.offset)
        self.offset += struct.calcsize("<" + code)
        return value

    def text(self) -> str:
        """A length of 16 bits, then that many bytes of which the last is NUL."""
        length = self.number("H")
        value = self.data[self.offset : self.offset + length - 1].decode()
        self.offset += length
        return value

    def array(self) -> np.ndarray:
        rank = self.number("B")
        shape = [self.number("I") for _ in range(rank)]
        element_type = np.dtype(ELEMENT_TYPES[self.number("B")])
        byte_count = self.number("I")
        array = np.frombuffer(
            self.data, dtype=element_type, count=byte_count // element_type.itemsize, offset=self.offset
        )
        self.offset += byte_count
        return array.reshape(shape)


@dataclass(frozen=True)
class WhisperWeights:
    """Arrays by their CTranslate2 name, and the sizes that follow from them."""

    arrays: dict[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name].astype(np.float32)

    @property
    def width(self) -> int:
        return self.arrays["encoder/conv1/bias"].shape[0]

    @property
    def head_count(self) -> int:
        return int(self.arrays["encoder/num_heads"])

    @property
    def mel_count(self) -> int:
        return self.arrays["encoder/conv1/weight"].shape[1]

    @property
    def vocabulary_size(self) -> int:
        return self.arrays["decoder/embeddings/weight"].shape[0]

    @property
    def text_context(self) -> int:
        return self.arrays["decoder/position_encodings/encodings"].shape[0]

    @property
    def audio_context(self) -> int:
        return self.arrays["encoder/position_encodings/encodings"].shape[0]

    def layer_count(self, side: str) -> int:
        """Layers of `encoder` or `decoder`."""
        return len({name.split("/")[1] for name in self.arrays if name.startswith(f"{side}/layer_") and name.split("/")[1] != "layer_norm"})


def read_weights(path: Path) -> WhisperWeights:
    """Raises ValueError when the file does not end where its table says."""
    reader = ByteReader(path.read_bytes())
    reader.number("I")  # format version
    reader.text()  # specification name
    reader.number("I")  # specification revision
    arrays: dict[str, np.ndarray] = {}
    for _ in range(reader.number("I")):
        name = reader.text()
        arrays[name] = reader.array()
    for _ in range(reader.number("I")):  # aliases, unused by Whisper graphs
        reader.text()
        reader.text()
    if reader.offset != len(reader.data):
        raise ValueError(f"{path} ends at byte {len(reader.data)}, its table at {reader.offset}")
    return WhisperWeights(arrays)
