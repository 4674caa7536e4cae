"""Term vectors as bytes: the terms of one field of one document with weight and posting value."""

import numpy as np

VectorItem = tuple[str, float, bytes]


def encode_vector(items: list[VectorItem]) -> bytes:
    """Pack (term, weight, value) triples: count, lengths of terms and values, weights, then the bytes."""
    if not items:
        return b""
    texts = [text.encode("utf-8", "surrogatepass") for text, _, _ in items]
    values = [value or b"" for _, _, value in items]
    return b"".join((
        np.array([len(items), *map(len, texts), *map(len, values)], dtype="<u4").tobytes(),
        np.array([weight for _, weight, _ in items], dtype="<f4").tobytes(), *texts, *values,
    ))


def decode_vector(data: bytes) -> list[VectorItem]:
    """Unpack what `encode_vector` packed."""
    count = int(np.frombuffer(data, dtype="<u4", count=1)[0])
    lengths = np.frombuffer(data, dtype="<u4", count=2 * count, offset=4)
    weights = np.frombuffer(data, dtype="<f4", count=count, offset=4 + 8 * count).tolist()
    ends = (4 + 12 * count + np.cumsum(lengths, dtype=np.int64)).tolist()
    parts = [data[start:end] for start, end in zip([4 + 12 * count, *ends[:-1]], ends, strict=True)]
    texts = [part.decode("utf-8", "surrogatepass") for part in parts[:count]]
    return list(zip(texts, weights, parts[count:], strict=True))
