"""What may leave: which numbers are masked, and a gate that reads every file before it is released."""
