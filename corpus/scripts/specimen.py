"""The registry of specimens and the one function that writes them."""

import collections
import os
import random
import zlib

import numpy as np
import torch

import pinning
import truth

MODERN = not torch.__version__.startswith("1.")
MADE_BY = "torch 2.13.0" if MODERN else "torch 1.13.1"
Specimen = collections.namedtuple("Specimen", "family name file build options")
REGISTRY = []


def specimen(name, ext="pt", modern=True, old=False, **options):
    """Registers a function that builds the object to save.

    modern, old: written by torch 2.13, by torch 1.13 (then `_torch113` is part of the file name).
    options: protocol, legacy, write (a function (object, path) in place of torch.save),
    truth (a function object -> object whose truth counts, where saving changes the object),
    extra (manifest fields that only the author knows).
    """

    def register(build):
        family = build.__module__.replace("family_", "")
        if modern if MODERN else old:
            suffix = "" if MODERN else "_torch113"
            REGISTRY.append(Specimen(family, name, "%s%s.%s" % (name, suffix, ext), build, options))
        return build

    return register


def write_all(folder, only=None):
    """Writes every registered specimen; returns their manifest rows."""
    rows = []
    for item in REGISTRY:
        if only and only not in item.family + "/" + item.file:
            continue
        rows.append(write(item, folder))
    return rows


def write(item, folder):
    seed(item)
    value = item.build()
    target = os.path.join(folder, item.family, item.file)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with pinning.pinned():
        save(value, target, item.options)
    row = collections.OrderedDict()
    row["file"] = item.family + "/" + item.file
    row["family"] = item.family
    row["made_by"] = MADE_BY
    row["script"] = "family_%s.py" % item.family
    row.update(truth.truth_of(item.options.get("truth", lambda v: v)(value)))
    row.update(item.options.get("extra", {}))
    return row


def seed(item):
    number = zlib.crc32((item.family + "/" + item.name).encode())
    torch.manual_seed(number)
    np.random.seed(number % 2**32)
    random.seed(number)


def save(value, target, options):
    if "write" in options:
        options["write"](value, target)
        return
    more = {}
    if "protocol" in options:
        more["pickle_protocol"] = options["protocol"]
    torch.save(value, target, _use_new_zipfile_serialization=not options.get("legacy", False), **more)
