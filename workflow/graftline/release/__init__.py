"""Releases: sealed copies of finished runs, releases/<study>/<cut>/<sequence>/, and their ledger."""
