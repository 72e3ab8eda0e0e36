"""The run crate: what ran, on what, with what, as RO-Crate describes it."""
