"""What theory predicts of a network on paper: mean field, and what finite width adds."""
