"""Find input files and read the documents in them."""
