"""Which results folder a command is about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graftline.results_folder import ResultsFolder


def choose_results(given: str | None, built: tuple[str, str] | None = None) -> ResultsFolder:
    """The results folder that was named; else that of the study and cut `built`; else the newest one
    of the configured study. Raises GraftlineError if there are no such results."""
    from graftline.config.yaml_lines import read_yaml
    from graftline.results_folder import ResultsFolder, find_results

    if given:
        return ResultsFolder(Path(given))
    config, _ = read_yaml("config/config.yaml")
    if built:
        return ResultsFolder(Path(config["results"], *built))
    return ResultsFolder(find_results(Path(config["results"]), config["study"]))
