"""Every tensor of what is audited: who holds it, what is read of it once, what is kept of it."""
