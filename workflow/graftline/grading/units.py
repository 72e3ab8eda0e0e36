"""Units of laboratory values: which spellings are understood, and how values are converted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, log10
from typing import Any, NoReturn

from graftline.errors import GraftlineError

MICRO = str.maketrans({"\u00b5": "u", "\u03bc": "u"})
CHARGE = "charge concentration"
SUBSTANCE = "substance concentration"
# Significant digits of a factor in the text of a conversion.
DIGITS = 6


@dataclass(frozen=True)
class Analyte:
    """What is measured, in which units (UCUM; the first is its own). One `of` is `factor` of `is_`;
    one mmol/L is `valence` meq/L."""

    name: str
    label: str
    units: tuple[str, ...]
    of: str | None = None
    is_: str | None = None
    factor: float = 1.0
    valence: int | None = None
    formula: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class Conversion:
    """From a value's unit to the one that it is compared in: value x `factor`."""

    unit: str
    target: str
    factor: float = 1.0

    @property
    def text(self) -> str | None:
        """The conversion in print; None if there is none."""
        if self.unit == self.target:
            return None
        return f"x {self.factor:.{DIGITS}g}, {self.unit} to {self.target}"


@dataclass(frozen=True)
class Units:
    """The units that are understood: spelling to UCUM code, UCUM code to (dimension, size), and the
    analytes by name."""

    spellings: Mapping[str, str]
    sizes: Mapping[str, tuple[str, float]]
    analytes: Mapping[str, Analyte]

    def resolve(self, text: str) -> str | None:
        """The UCUM code of a unit as a laboratory wrote it; None if it is not known."""
        return self.spellings.get(text.strip().translate(MICRO))

    def needs_unit(self, analyte: str) -> bool:
        """Whether values of the analyte are nothing without a unit."""
        return self.analytes[analyte].units != ("1",)

    def factor(self, analyte: str, unit: str, target: str) -> float | None:
        """How many `target` are one `unit` of the analyte (UCUM codes); None if it is not measured
        in both, or the one cannot be converted to the other."""
        known = self.analytes[analyte]
        if unit not in known.units or target not in known.units:
            return None
        if unit == target:
            return 1.0
        (start, size), (end, of) = self._size(known, unit), self._size(known, target)
        return size / of if start == end else None

    def _size(self, analyte: Analyte, unit: str) -> tuple[str, float]:
        """Dimension and size of a unit. Dimensions that the analyte's conversion or valence make
        one are one here: that of the conversion's `is`, and that of mmol/L."""
        dimension, size = self.sizes[unit]
        if analyte.valence and dimension == CHARGE:
            dimension, size = SUBSTANCE, size / analyte.valence
        if analyte.of and analyte.is_ and dimension == self.sizes[analyte.of][0]:
            size *= analyte.factor * self.sizes[analyte.is_][1] / self.sizes[analyte.of][1]
            dimension = self.sizes[analyte.is_][0]
        return dimension, size

    def convert(self, analyte: str, unit: str, printed: Sequence[str]) -> Conversion | None:
        """How a value in `unit` (UCUM) is compared with limits printed in the units `printed`.

        A printed unit is its own; else the printed unit of the same dimension that is nearest in
        size; else the first printed one, by the analyte's factor. Without printed units there is
        nothing to convert. None if the analyte is not measured in `unit`.
        """
        if unit not in self.analytes[analyte].units:
            return None
        if not printed or unit in printed:
            return Conversion(unit, unit)
        known = [(one, self.factor(analyte, unit, one)) for one in printed]
        known = [(one, factor) for one, factor in known if factor is not None]
        if not known:
            return None
        dimension = SUBSTANCE if self.sizes[unit][0] == CHARGE else self.sizes[unit][0]
        same = [pair for pair in known if self.sizes[pair[0]][0] == dimension]
        nearest = min(same, key=lambda pair: abs(log10(pair[1])), default=known[0])
        return Conversion(unit, *nearest)


def _fail(where: str, message: str) -> NoReturn:
    raise GraftlineError(f"{where}: {message}")


def _positive(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        _fail(where, "a number above nought is wanted here")
    if not isfinite(value):
        _fail(where, "a number above nought is wanted here")
    return value


def _read_analyte(name: str, entry: Any, units: set[str], where: str) -> Analyte:
    known = {"label", "units", "conversion", "valence", "formula", "source"}
    if not isinstance(entry, Mapping):
        _fail(where, "a mapping with the keys label and units is wanted here")
    unknown = sorted(str(key) for key in entry if key not in known)
    if unknown:
        _fail(f"{where}.{unknown[0]}", f"unknown key; use one of {', '.join(sorted(known))}")
    if not isinstance(entry.get("label"), str):
        _fail(f"{where}.label", "missing key, or no text")
    if not isinstance(entry.get("units"), list) or not entry["units"]:
        _fail(f"{where}.units", "a list of units is wanted here, the analyte's own first")
    values = {key: entry[key] for key in ("label", "valence", "formula", "source") if key in entry}
    conversion = entry.get("conversion")
    if conversion is not None:
        if not isinstance(conversion, Mapping) or set(conversion) != {"of", "is", "factor"}:
            _fail(f"{where}.conversion", "must have the keys of, is and factor")
        if not entry.get("source"):
            _fail(f"{where}.source", "missing key: say where the factor is from")
        _positive(conversion["factor"], f"{where}.conversion.factor")
        values |= {"of": conversion["of"], "is_": conversion["is"], "factor": conversion["factor"]}
    analyte = Analyte(name=name, units=tuple(entry["units"]), **values)
    for unit in analyte.units:
        if unit not in units:
            _fail(f"{where}.units", f"the unit {unit} is in no dimension")
    for unit in (analyte.of, analyte.is_):
        if unit is not None and unit not in analyte.units:
            _fail(f"{where}.conversion", f"the unit {unit} is not one of the analyte's units")
    return analyte


def parse_units(content: Any, file: str = "config/units.yaml") -> Units:
    """The units that `content`, the parsed config/units.yaml, describes.

    Raises GraftlineError with the key that is wrong: a unit in two dimensions, a spelling of two
    units or of none, an analyte whose unit has no dimension.
    """
    where = f"{file}: "
    if not isinstance(content, Mapping) or set(content) != {"spellings", "dimensions", "analytes"}:
        raise GraftlineError(f"{where}the keys must be spellings, dimensions and analytes")
    sizes: dict[str, tuple[str, float]] = {}
    for dimension, units in content["dimensions"].items():
        for unit, size in units.items():
            here = f"{where}dimensions.{dimension}.{unit}"
            if unit in sizes:
                _fail(here, f"the unit belongs to {sizes[unit][0]} already")
            sizes[unit] = (dimension, _positive(size, here))
    spellings = {unit: unit for unit in sizes}
    for unit, others in content["spellings"].items():
        here = f"{where}spellings.{unit}"
        if unit not in sizes:
            _fail(here, "the unit is in no dimension")
        for other in others:
            if not isinstance(other, str) or other != other.strip().translate(MICRO):
                _fail(here, f"{other!r} must be text without blanks at its ends, with u for micro")
            if other in spellings:
                _fail(here, f"{other!r} is a spelling of {spellings[other]} already")
            spellings[other] = unit
    analytes = {
        name: _read_analyte(name, entry, set(sizes), f"{where}analytes.{name}")
        for name, entry in content["analytes"].items()
    }
    return Units(spellings, sizes, analytes)
