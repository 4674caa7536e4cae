"""From readings to the engine's plan: clauses, weights, query relaxation."""
