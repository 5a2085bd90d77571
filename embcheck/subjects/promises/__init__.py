"""What the documentation of nn.Embedding and nn.EmbeddingBag promises beyond the first values, each run live."""
