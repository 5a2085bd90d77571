"""A user's own model, watched operation by operation, with theory beside each."""
