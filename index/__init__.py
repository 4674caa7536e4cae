"""From files on disk to articles to a published generation of the index."""
