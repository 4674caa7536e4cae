"""The ground floor of Dấu: what a searchable article is, the text rules, the query language, the engines."""
