"""The border between torch and numpy: pitfalls run live, and what of a user's own meets them."""
