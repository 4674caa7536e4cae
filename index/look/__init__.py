"""A first look at a folder: what is in it, how it would be read, what is missing and what would help."""
