"""Build a generation beside the live one, seal it, publish it in one step, remove what is old."""
