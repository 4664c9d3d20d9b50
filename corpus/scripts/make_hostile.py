#!/usr/bin/env python3
"""Writes corpus/hostile and its manifest. Assembles bytes only: no payload is ever run, no torch needed.

A payload that did run would create the file named by the environment variable PTSANITIZE_MARKER.
"""

import collections
import json
import os

import hostile
import hostile_code
import hostile_containers
import hostile_limits
import hostile_names
import hostile_tensors
import hostile_zip

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "hostile")
EXITS = {"neutralise": [0], "reject": [2], "either": [0, 2]}


def main():
    for family in (hostile_code, hostile_limits, hostile_tensors, hostile_zip, hostile_names, hostile_containers):
        family.build()
    os.makedirs(FOLDER, exist_ok=True)
    rows = {}
    for case in hostile.CASES:
        row = described(case)
        if row["file"] in rows:
            raise SystemExit("two cases are named " + row["file"])
        rows[row["file"]] = row
        with open(os.path.join(FOLDER, row["file"]), "wb") as stream:
            stream.write(case.data)
    for stale in set(os.listdir(FOLDER)) - set(rows) - {"manifest.json"}:
        os.remove(os.path.join(FOLDER, stale))
    with open(os.path.join(FOLDER, "manifest.json"), "w", encoding="utf-8", newline="\n") as stream:
        lines = [json.dumps(rows[name], ensure_ascii=True) for name in sorted(rows)]
        stream.write("[\n" + ",\n".join(lines) + "\n]\n")


def described(case):
    return collections.OrderedDict(
        [
            ("file", "%s-%s.%s" % (case.kind, case.name, case.ext)),
            ("class", case.kind),
            ("expectation", case.expectation),
            ("exit", EXITS[case.expectation]),
            ("tensors", case.tensors),
            ("names", case.names),
            ("reports", case.reports),
            ("why", case.why),
        ]
    )


if __name__ == "__main__":
    main()
