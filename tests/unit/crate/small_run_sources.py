"""A run of three rules, as audit/rules.json tells of it."""

from graftline.crate.describe import Sources

BASE = "results/s/1999-12-31"


def rule(place, name, inputs, outputs, params=None):
    return {
        "place": place,
        "script": f"workflow/scripts/{name}.py",
        "message": f"To {name}",
        "code": ["workflow/graftline/shared.py"],
        "lock": ["requirements.lock"],
        "inputs": inputs,
        "outputs": {key: [f"{BASE}/{path}" for path in paths] for key, paths in outputs.items()},
        "params": params or {},
    }


RULES = {
    "derive": rule(
        1,
        "derive",
        {"raw": ["data/s/1999-12-31/ae.csv"], "corrections": ["config/s/corrections.csv"]},
        {"table": ["patient_level/derived/t.parquet"]},
        {"cut": "1999-12-31", "limits": {"high": 2, "low": 1}, "absent": None},
    ),
    "count": rule(
        2,
        "count",
        {"table": [f"{BASE}/patient_level/derived/t.parquet"], "optional": []},
        {"numbers": ["aggregate/numbers.json"]},
    ),
    "write_crate": rule(
        3,
        "write_crate",
        {
            "numbers": [f"{BASE}/aggregate/numbers.json"],
            "code_tree": ["Snakefile", "workflow/graftline/shared.py"],
        },
        {"crate": ["audit/ro-crate-metadata.json"], "sums": ["audit/SHA256SUMS"]},
    ),
}
SOURCES = Sources(
    rules=RULES,
    sums={
        "data/s/1999-12-31/ae.csv": "a" * 64,
        f"{BASE}/patient_level/derived/t.parquet": "b" * 64,
        f"{BASE}/aggregate/numbers.json": "c" * 64,
        "workflow/scripts/count.py": "d" * 64,
        "Snakefile": "e" * 64,
    },
    build_digest="0f" * 32,
    study="s",
    cut="1999-12-31",
    title="A study",
    data_label="MADE UP FOR A TEST",
    snakemake="9.27.1",
    python="3.11.7",
)
