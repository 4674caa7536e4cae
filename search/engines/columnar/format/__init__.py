"""How an index lies on disk: container, posting lists, term dictionaries, segments, columns."""
