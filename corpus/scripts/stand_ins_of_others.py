"""Classes under the names of packages that need not be installed, for as long as a file is open."""

import contextlib
import sys
import types


@contextlib.contextmanager
def foreign_class(module, name):
    parts = module.split(".")
    names = [".".join(parts[: i + 1]) for i in range(len(parts))]
    before = {n: sys.modules.get(n) for n in names}
    for n in names:
        sys.modules[n] = types.ModuleType(n)
    made = type(name, (), {"__module__": module})
    setattr(sys.modules[module], name, made)
    try:
        yield made
    finally:
        for n, old in before.items():
            sys.modules.pop(n)
            if old is not None:
                sys.modules[n] = old


def present():
    """All of them."""
    return foreign_class("fairseq.data.dictionary", "Dictionary")
