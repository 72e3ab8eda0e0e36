"""State what a data cut holds: each file with its sha256, and the digest of them all.

Called as a command: FOLDER MANIFEST LOG [DATA_LABEL].
"""

import sys
from pathlib import Path

from graftline.cuts.manifest import build_manifest, describe_cut
from graftline.tables import write_json


def main(inputs, outputs, *, params):
    folder = params["folder"]
    manifest = build_manifest(Path(folder), folder)
    write_json(outputs["manifest"], describe_cut(folder, manifest, params["data_label"]))


if __name__ == "__main__":
    from graftline.script import run_command

    folder, manifest, log, *label = sys.argv[1:]
    params = {"folder": folder, "data_label": label[0] if label else None}
    run_command(main, {}, {"manifest": manifest}, log, params=params, folders=[folder])
