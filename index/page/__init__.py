"""From the source of a page to its head and its blocks, and what is known of its site."""
