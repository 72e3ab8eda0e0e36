"""Scales and units from their files, read fast."""

from __future__ import annotations

from os import PathLike

import yaml

from graftline.errors import GraftlineError
from graftline.grading.scale import Scale, parse_scale
from graftline.grading.units import Units, parse_units


def _load(path: str | PathLike[str]):
    with open(path, encoding="utf-8") as file:
        try:
            return yaml.load(file, Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f", line {mark.line + 1}" if mark else ""
            raise GraftlineError(f"{path}{line}: this is not YAML") from error


def read_units(path: str | PathLike[str]) -> Units:
    """The units of a file such as config/units.yaml."""
    return parse_units(_load(path), str(path))


def read_scale(path: str | PathLike[str], units: Units | None = None) -> Scale:
    """The scale of a file of config/scales; with `units`, its analytes and printed units are
    checked against them. Raises GraftlineError naming the file and the key that is wrong."""
    scale = parse_scale(_load(path), str(path))
    if units is not None:
        check_units(scale, units, str(path))
    return scale


def check_units(scale: Scale, units: Units, file: str = "") -> None:
    """Raise GraftlineError if an analyte of `scale` is not in `units`, or is not measured in a unit
    that the scale prints."""
    where = f"{file}: " if file else ""
    for code, item in scale.items.items():
        if item.analyte is None:
            continue
        if item.analyte not in units.analytes:
            known = ", ".join(sorted(units.analytes))
            raise GraftlineError(
                f"{where}items.{code}.analyte: {item.analyte} is not an analyte of the units; "
                f"use one of {known}, or add it to config/units.yaml"
            )
        for unit in item.printed_units:
            if unit not in units.analytes[item.analyte].units:
                raise GraftlineError(
                    f"{where}items.{code}.grades: {item.analyte} is not measured in {unit}; write "
                    "the UCUM code as in config/units.yaml"
                )
