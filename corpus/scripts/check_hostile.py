#!/usr/bin/env python3
"""Confirms the `neutralise` rows of corpus/hostile/manifest.json with a reader that can run nothing.

Python's own unpickler, in which every global is an inert stub but for the three that make a tensor. It reads zip archives
and legacy streams; rows of other containers are counted as not looked at.
"""

import collections
import hashlib
import io
import json
import os
import pickle
import struct
import sys
import zipfile

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "hostile")
Tensor = collections.namedtuple("Tensor", "storage offset size stride")
PY2 = {"__builtin__": "builtins"}
OTHER_CONTAINERS = {
    "bundle", "joblib", "legacy_tar", "npz", "several_pickles", "torchscript", "wrapped_checkpoint"
}


class Inert:
    """Stands for any global, any instance and any result."""

    def __new__(cls, *args, **options):
        return object.__new__(cls)

    def __init__(self, *args, **options):
        pass

    def __call__(self, *args, **options):
        return Inert()

    def __setstate__(self, state):
        self.state = state


class Reader(pickle._Unpickler):
    def __init__(self, stream, seen):
        super().__init__(stream)
        self.seen = seen

    def find_class(self, module, name):
        self.seen.add("%s.%s" % (PY2.get(module, module), name))
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, stride, *more: Tensor(storage, offset, size, stride)
        if (module, name) == ("collections", "OrderedDict"):
            return Ordered
        return type(str(name), (Inert,), {"__init__": Inert.__init__})

    def persistent_load(self, pid):
        return pid[2] if pid[0] == "storage" else Inert


class Ordered(collections.OrderedDict):
    def __setstate__(self, state):
        pass


def main():
    sys.setrecursionlimit(10_000)
    with open(os.path.join(FOLDER, "manifest.json"), encoding="utf-8") as stream:
        rows = [row for row in json.load(stream) if row["expectation"] == "neutralise"]
    read_here = [row for row in rows if row["class"] not in OTHER_CONTAINERS]
    wrong = [text for row in read_here for text in complaints(row)]
    others = len(rows) - len(read_here)
    print("\n".join(wrong + ["%d rows, %d wrong, %d not looked at" % (len(rows), len(wrong), others)]))
    return 1 if wrong else 0


def complaints(row):
    try:
        with open(os.path.join(FOLDER, row["file"]), "rb") as stream:
            found, seen = read(stream.read())
    except Exception as failure:
        return ["%s: %s: %s" % (row["file"], type(failure).__name__, failure)]
    expected = {name: (tuple(t["shape"]), t["sha256"]) for name, t in row["tensors"].items()}
    if row["names"] == "any":
        same = sorted(found.values()) == sorted(expected.values())
    else:
        same = found == expected
    unseen = sorted(set(row["reports"]) - seen)
    return (
        [] if same and not unseen else ["%s: tensors %s, globals not seen %s" % (row["file"], found, unseen)]
    )


def follow(stream, seen):
    """Notes the globals of a pickle behind the end of another, if it is one."""
    try:
        Reader(stream, seen).load()
    except Exception:
        return


def read(data):
    seen = set()
    if data[:4] == b"PK\3\4":
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            root = source.namelist()[0].split("/")[0]
            stream = io.BytesIO(source.read(root + "/data.pkl"))
            value = Reader(stream, seen).load()
            if stream.tell() < len(stream.getvalue()):
                follow(stream, seen)
            storages = {
                name.split("/data/")[1]: source.read(name) for name in source.namelist() if "/data/" in name
            }
    else:
        stream = io.BytesIO(data)
        parts = [Reader(stream, seen).load() for _ in range(5)]
        value, storages = parts[3], {}
        for key in parts[4]:
            (count,) = struct.unpack("<q", stream.read(8))
            storages[key] = stream.read(4 * count)
    return {name: bytes_of(tensor, storages) for name, tensor in tensors(value)}, seen


def tensors(root):
    waiting, visited = [((), root)], set()
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, Tensor):
            yield ".".join(path), value
        elif isinstance(value, Inert) and "_parameters" in getattr(value, "state", {}):
            waiting.append((path, value.state["_parameters"]))
        elif isinstance(value, (dict, list, tuple)) and id(value) not in visited:
            visited.add(id(value))
            entries = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += [(path + (str(key),), item) for key, item in entries]


def bytes_of(tensor, storages):
    data = storages[tensor.storage]
    positions = [tensor.offset]
    for size, stride in zip(tensor.size, tensor.stride):
        positions = [p + i * stride for p in positions for i in range(size)]
    packed = b"".join(data[4 * p : 4 * p + 4] for p in positions)
    return tuple(tensor.size), hashlib.sha256(packed).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
