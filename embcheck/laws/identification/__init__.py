"""What a tensor was drawn from: proposals, ranked by likelihood and refused by tests."""
