#!/usr/bin/env python3
"""Writes corpus/specimens and its manifest.

    PYTHON-WITH-TORCH-2.13 make_specimens.py [--torch113 PYTHON-WITH-TORCH-1.13] [--only TEXT]

Without --torch113 the files and rows of torch 1.13 stay as they are. A re-run gives the same bytes.
"""

import argparse
import collections
import importlib
import json
import os
import subprocess
import sys
import tempfile
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
SPECIMENS = os.path.join(os.path.dirname(HERE), "specimens")
FAMILIES = sorted(f[:-3] for f in os.listdir(HERE) if f.startswith("family_") and f.endswith(".py"))


def main():
    options = parse()
    if os.environ.get("PYTHONHASHSEED") != "0":  # sets are pickled in hash order
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable] + sys.argv)
    warnings.simplefilter("ignore")
    if options.rows:
        write_json(options.rows, local_rows(options.only))
        return
    rows = local_rows(options.only)
    if options.torch113:
        rows += rows_of_other_python(options.torch113, options.only)
    manifest = os.path.join(SPECIMENS, "manifest.json")
    add_answers_of_torch(rows)
    if os.path.exists(manifest):
        with open(manifest, encoding="utf-8") as stream:
            rows = merged(json.load(stream), rows, options)
    write_json(manifest, sorted(rows, key=lambda row: row["file"]))


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torch113", metavar="PYTHON")
    parser.add_argument("--only", metavar="TEXT")
    parser.add_argument("--rows", metavar="FILE", help=argparse.SUPPRESS)
    return parser.parse_args()


def local_rows(only):
    import specimen

    for family in FAMILIES:
        importlib.import_module(family)
    return specimen.write_all(SPECIMENS, only)


def rows_of_other_python(python, only):
    with tempfile.TemporaryDirectory() as folder:
        rows = os.path.join(folder, "rows.json")
        command = [python, os.path.abspath(__file__), "--rows", rows]
        subprocess.run(command + (["--only", only] if only else []), check=True)
        with open(rows, encoding="utf-8") as stream:
            return json.load(stream, object_pairs_hook=collections.OrderedDict)


def add_answers_of_torch(rows):
    import answers

    path = {row["file"]: os.path.join(SPECIMENS, row["file"]) for row in rows}
    found = answers.of_all(list(path.values()))
    for row in rows:
        row.update(found[path[row["file"]]])


def merged(old, new, options):
    fresh = {row["file"] for row in new}
    keep = [
        row
        for row in old
        if row["file"] not in fresh
        and (options.only or (not options.torch113 and row["made_by"] == "torch 1.13.1"))
    ]
    return keep + new


def write_json(path, rows):
    """One row a line, so that a changed specimen is a changed line."""
    with open(path, "w", encoding="utf-8", newline="\n") as stream:
        lines = [json.dumps(row, ensure_ascii=True, allow_nan=False) for row in rows]
        stream.write("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
