"""The gate: every file that may leave is read, and refused if it names a patient or cannot be read.

Nothing here needs a package: the gate runs where nothing is installed, in the step that all runs wait for.
"""

from graftline.disclosure.gate.check import check_releasable
from graftline.disclosure.gate.identifiers import Identifiers, read_identifiers

__all__ = ["Identifiers", "check_releasable", "read_identifiers"]
