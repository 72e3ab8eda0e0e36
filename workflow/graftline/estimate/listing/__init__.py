"""Every estimate of cohorts that are the rows of a file, outside of any study."""
