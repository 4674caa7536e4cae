"""From what was typed to what is searched: readings of each word, clauses, weights, the zero-result ladder."""
