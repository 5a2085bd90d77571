"""Tensors in files: checkpoints of every format, and word vectors; a tensor is read when it is asked for."""
