"""From one raw document to one article, with the evidence for every field."""
