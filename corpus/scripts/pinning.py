"""Removes what differs between two runs of torch.save: addresses as keys, and paths of sources."""

import inspect

import torch
import torch.serialization


def pinned_legacy_save():
    """torch's own legacy writer, with storage keys counted instead of taken from addresses.

    The keys look like addresses and do not sort in the order of use, as in real files. The source
    file of a module class is named relative to its package.
    """
    source = inspect.getsource(torch.serialization._legacy_save)
    source = source.replace("str(storage._cdata)", "_pinned_key(storage)")
    scope = dict(vars(torch.serialization))
    seen = {}
    keep = []

    def pinned_key(storage):
        if storage._cdata not in seen:
            keep.append(storage)
            seen[storage._cdata] = str(94020000000000 + (len(seen) * 7919 + 501) % 997 * 64)
        return seen[storage._cdata]

    original = torch.serialization.get_source_lines_and_file

    def portable_source(owner, *more):
        lines, number, path = original(owner, *more)
        return lines, number, "/".join(owner.__module__.split(".")) + ".py"

    scope["_pinned_key"] = pinned_key
    scope["get_source_lines_and_file"] = portable_source
    exec(compile(source, "pinned_legacy_save", "exec"), scope)
    return scope["_legacy_save"]


class pinned:
    """While open, the legacy writer counts its storages from zero again."""

    def __enter__(self):
        self.original = torch.serialization._legacy_save
        torch.serialization._legacy_save = pinned_legacy_save()

    def __exit__(self, *failure):
        torch.serialization._legacy_save = self.original
