"""From anything printed back to the raw lines, and from any raw line forth to all that depends on it."""

from graftline.trace.backward import trace_number
from graftline.trace.forward import trace_cell, trace_subject
from graftline.trace.targets import trace_target
from graftline.trace.text import format_trace

__all__ = [
    "format_trace",
    "trace_cell",
    "trace_number",
    "trace_subject",
    "trace_target",
]
