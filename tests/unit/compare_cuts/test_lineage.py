"""What the rows of the comparison stand on."""

import pandas as pd

from graftline.compare_cuts.lineage import trace_cuts
from graftline.derive.lineage import concat_lineage, lineage_of


def test_what_comes_of_no_patients_cell_stands_on_both_cuts():
    keys = pd.Series(["os.n", "os.at_risk.1460"], dtype="string[pyarrow]")
    source = pd.DataFrame({"src_file": ["data/s/2/followup.csv"], "src_line": [5]})
    cells = concat_lineage([lineage_of("moved_numbers", keys[:1], source, "date")])
    frames = {"moved_numbers": pd.DataFrame({"row_key": keys})}

    traced = trace_cuts(frames, cells, ["data/s/1/SHA256SUMS", "data/s/2/SHA256SUMS"])

    found = set(zip(traced["row_key"], traced["src_file"], traced["src_line"], strict=True))
    assert found == {
        ("os.n", "data/s/2/followup.csv", 5),
        ("os.at_risk.1460", "data/s/1/SHA256SUMS", 1),
        ("os.at_risk.1460", "data/s/2/SHA256SUMS", 1),
    }


def test_nothing_is_added_where_every_row_has_its_cells():
    keys = pd.Series(["os.n"], dtype="string[pyarrow]")
    source = pd.DataFrame({"src_file": ["a.csv"], "src_line": [5]})
    cells = concat_lineage([lineage_of("moved_numbers", keys, source, "date")])
    frames = {"moved_numbers": pd.DataFrame({"row_key": keys})}
    assert len(trace_cuts(frames, cells, ["data/s/1/SHA256SUMS"])) == 1
