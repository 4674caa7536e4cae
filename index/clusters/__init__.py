"""Which articles are one text: near-duplicates and their first publisher."""
