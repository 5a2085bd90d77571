"""A model built and run: factories, builds beside one another, inputs, ids, optimizers, passes."""
