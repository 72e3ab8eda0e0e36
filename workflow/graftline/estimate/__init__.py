"""Estimators in numpy alone: each takes times and statuses, knows nothing of patients or files."""
