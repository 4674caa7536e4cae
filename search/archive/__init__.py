"""Generations of an index, opening one, and answering requests from it."""
