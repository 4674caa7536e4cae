"""From articles to one segment: tokenizer, inverter, runs, merging, increments."""
