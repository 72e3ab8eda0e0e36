"""The configuration of a command: config/config.yaml, and what was given on top of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graftline.errors import GraftlineError


def read_config(settings: Iterable[str] = ()) -> dict[str, Any]:
    """config/config.yaml with the `settings`, each KEY=VALUE, on top."""
    from graftline.config.yaml_lines import read_yaml

    config, _ = read_yaml("config/config.yaml")
    for one in settings:
        key, equals, value = one.partition("=")
        if not equals:
            raise GraftlineError(f"--config {one}: write KEY=VALUE")
        config[key] = value
    return config
