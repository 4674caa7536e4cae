"""What a typed word may mean: error model, context, spelling candidates, keyboards."""
