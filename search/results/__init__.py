"""From what an engine found to titles, marks, snippets and JSON."""
