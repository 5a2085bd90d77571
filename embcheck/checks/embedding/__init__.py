"""Rules on embeddings (EMB)."""
