"""From a raw file's bytes to typed canonical tables, with a finding for whatever cannot be read."""
