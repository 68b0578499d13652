"""Builds sherpa-onnx Whisper graphs from CTranslate2 weights."""
