"""The query language and the tree that engines evaluate."""
