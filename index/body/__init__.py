"""Find the body of a page or a text among its boilerplate."""
