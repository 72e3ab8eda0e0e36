"""The explorer: one page on which an auditor walks from numbers to raw lines, and from patients to numbers."""
