"""The explorer as one HTML file that asks nothing of a network."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from typing import Any


def _digest(text: str) -> str:
    """What a content security policy calls a script or style by."""
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def embed_json(content: Any) -> str:
    """JSON that can stand in a script element: nothing in it ends the element or begins a tag."""
    text = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def render_explorer(content: Mapping[str, Any], template: str, script: str, style: str) -> str:
    """The page: `template` with the words TITLE, POLICY, STYLE, LABEL, CONTENT and SCRIPT in doubled
    braces. Whatever comes from data is in CONTENT, as JSON that the script shows as text; the policy lets
    these two run and nothing else."""
    policy = (
        f"default-src 'none'; style-src 'sha256-{_digest(style)}'; script-src "
        f"'sha256-{_digest(script)}'; base-uri 'none'; form-action 'none'"
    )
    about = content["about"]
    parts = {
        "TITLE": html.escape(f"Explorer of {about['study']}, data cut {about['cut']}"),
        "POLICY": html.escape(policy),
        "LABEL": html.escape(about.get("data_label") or ""),
        "STYLE": style,
        "SCRIPT": script,
        "CONTENT": embed_json(content),
    }
    # In one pass: what a part holds is never looked at for the words of others.
    return re.sub(r"\{\{([A-Z]+)\}\}", lambda found: parts[found[1]], template)
