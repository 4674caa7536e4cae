"""The query language and the query tree."""
