"""Files that are no text by themselves as HTML: web archives, Word and OpenDocument texts, PDF."""

from index.convert.converting import Converted, convert

__all__ = ["Converted", "convert"]
