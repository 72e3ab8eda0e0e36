"""The configuration: read strictly, with the line of the file in every message."""
