"""Python files, read and never run: where a tensor is converted that may not be ready for it."""
