"""From a plan to documents, scores and facets, on whole arrays."""
