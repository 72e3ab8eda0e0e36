"""From raw patient tables to a manuscript in which every number leads back to its rows."""
