"""What a run would do and why, in terms of content; and which numbers moved when it was done."""
