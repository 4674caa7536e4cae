"""Completions while typing, and articles like one article."""
