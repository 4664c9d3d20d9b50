#!/usr/bin/env python3
"""Reads every specimen back with real PyTorch and compares it with its manifest row.

    PYTHON-WITH-TORCH-2.13 check_manifest.py [--torch113 PYTHON] [--only TEXT]

Files that weights_only refuses are our own and harmless; they are loaded in a child process. With
--torch113 a file of torch 1.13 is also read by its own writer. Ends with 1 if a row is wrong.
"""

import argparse
import json
import os
import subprocess
import sys
import warnings

import answers

HERE = os.path.dirname(os.path.abspath(__file__))
SPECIMENS = os.path.join(os.path.dirname(HERE), "specimens")
# What a reader may rename, may not know, or what differs once a value went through a pickle.
COMPARED = (
    "tensors",
    "tied",
    "primitives",
    "special",
    "containers",
    "key_types",
    "metadata",
    "objects",
    "calls",
    "arrays",
    "cycles",
    "collisions",
    "computed",
    "forbidden",
)


def main():
    options = parse()
    warnings.simplefilter("ignore")
    if options.child:
        json.dump([reread(path) for path in json.load(sys.stdin)], sys.stdout)
        return 0
    with open(os.path.join(SPECIMENS, "manifest.json"), encoding="utf-8") as stream:
        rows = json.load(stream)
    wrong = missing_rows(rows)
    checked = {"read": 0, "read by 1.13 only": 0, "unreadable, as said": 0}
    rows = [row for row in rows if not options.only or options.only in row["file"]]
    found = dict(zip([row["file"] for row in rows], child(sys.executable, rows)))
    old = [row for row in rows if row["made_by"] == "torch 1.13.1"] if options.torch113 else []
    said = answers.of_all([os.path.join(SPECIMENS, row["file"]) for row in rows])
    older = dict(zip([row["file"] for row in old], child(options.torch113, old) if old else []))
    for row in rows:
        outcome, complaints = check(
            row, found[row["file"]], said[os.path.join(SPECIMENS, row["file"])], older.get(row["file"])
        )
        wrong += ["%s: %s" % (row["file"], text) for text in complaints]
        checked[outcome] += 1
    print("\n".join(wrong + ["%d %s" % (n, k) for k, n in checked.items()] + ["%d wrong" % len(wrong)]))
    return 1 if wrong else 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torch113", metavar="PYTHON")
    parser.add_argument("--only", metavar="TEXT")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def missing_rows(rows):
    named = {row["file"] for row in rows}
    present = {
        specimen_of(os.path.relpath(os.path.join(folder, name), SPECIMENS), named)
        for folder, _, names in os.walk(SPECIMENS)
        for name in names
    } - {"manifest.json", ".gitkeep"}
    return ["%s: a row without its file" % f for f in sorted(named - present)] + [
        "%s: a file without its row" % f for f in sorted(present - named)
    ]


def specimen_of(name, named):
    """The folder that a file is a part of, or the file itself."""
    return next((folder for folder in named if name.startswith(folder + "/")), name)


def reread(path):
    """The truth of the loaded object of one file."""
    import torch
    import stand_ins_of_others
    import truth

    result = {}
    modern = not torch.__version__.startswith("1.")
    try:
        with stand_ins_of_others.present():
            value = torch.load(path, map_location="cpu", **({"weights_only": False} if modern else {}))
        result["truth"] = truth.truth_of(value)
    except Exception as failure:  # the caller compares this with the row
        result["failure"] = "%s: %s" % (type(failure).__name__, str(failure).split("\n")[0])
    return result


def check(row, found, said, older):
    complaints = []
    for field in ("weights_only_accepts", "unsafe_globals"):
        if said[field] != row[field]:
            complaints.append("%s is %r, not %r" % (field, said[field], row[field]))
    readable = row.get("torch_reads", True)
    outcome = "read" if readable else "unreadable, as said"
    if readable and "failure" in found:
        complaints.append(found["failure"])
    elif not readable and "failure" not in found:
        complaints.append("torch 2.13 can read it")
    elif readable and not row.get("torch_misreads"):
        complaints += differences(row, found["truth"])
    if older:
        if "failure" in older:
            complaints.append("by 1.13: " + older["failure"])
        else:
            complaints += ["by 1.13: " + text for text in differences(row, older["truth"])]
            outcome = outcome if readable else "read by 1.13 only"
    return outcome, complaints


def child(python, rows):
    """What another process, of this or of the older torch, finds in the files."""
    paths = [os.path.join(SPECIMENS, row["file"]) for row in rows]
    run = subprocess.run(
        [python, os.path.abspath(__file__), "--child"],
        input=json.dumps(paths),
        text=True,
        stdout=subprocess.PIPE,
        check=True,
        env=dict(os.environ, PYTHONHASHSEED="0", PYTHONIOENCODING="utf-8"),
    )
    return json.loads(run.stdout)


def differences(row, truth):
    """An enum pickled by name (Python 3.11.0 to 3.11.3) is by value again once another Python read it."""
    if row["made_by"] == "torch 1.13.1":
        for special in truth["special"].values():
            special.pop("coalesced", None)
    if "builtins.getattr" in row.get("calls", {}).values():
        row, truth = ({k: v for k, v in t.items() if k not in ("calls", "primitives")} for t in (row, truth))
    return [
        "%s: %s" % (field, first_difference(row.get(field), truth.get(field)))
        for field in COMPARED
        if normal(row.get(field)) != normal(truth.get(field))
    ]


def normal(value):
    return json.dumps(value or None, sort_keys=True)


def first_difference(expected, got):
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in list(expected) + list(got):
            if normal(expected.get(key)) != normal(got.get(key)):
                return "%r: %r, read back %r" % (key, expected.get(key), got.get(key))
    return "%r, read back %r" % (expected, got)


if __name__ == "__main__":
    sys.exit(main())
