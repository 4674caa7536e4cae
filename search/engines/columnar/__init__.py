"""The Whoosh engine: a codec of contiguous arrays, a bulk builder and a vectorised evaluator."""

from search.engines.columnar.engine import create_builder, format_version, open_reader

__all__ = ["create_builder", "format_version", "open_reader"]
