"""What the archive's own text says about its words: spellings, frequencies, neighbours."""
