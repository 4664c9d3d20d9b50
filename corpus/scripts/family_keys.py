"""Names: keys of every type, collisions, depth, roots that are not mappings."""

import torch

from specimen import specimen


def t(number):
    return torch.tensor([float(number)])


@specimen("unicode", old=True)
def unicode_names():
    return {
        "gr\u00fc\u00df.\u91cd\u307f": t(1),
        "\U0001f600": t(2),
        "e\u0301": t(3),
        "\u00e9": t(4),
        "with space": t(5),
        'quote"back\\slash/': t(6),
        "line\nbreak\ttab": t(7),
        "nul\x00": t(8),
        "esc\x1b[31m": t(9),
        "rtl\u202e": t(10),
    }


@specimen("key_types", old=True)
def key_types():
    return {
        "int": {0: t(1), -5: t(2), 10**20: t(3)},
        "bool": {True: t(4), False: t(5)},
        "float": {0.5: t(6), float("inf"): t(7)},
        "none": {None: t(8)},
        "bytes": {b"raw": t(9)},
        "tuple": {(0, "a"): t(10), (1, "b"): t(11)},
    }


@specimen("colliding", old=True)
def colliding():
    return {"a": {"b": t(1)}, "a.b": t(2), 1: t(3), "1": t(4), "free": t(5)}


@specimen("empty_name", old=True)
def empty_name():
    return {"": t(1), "a": {"": t(2)}}


@specimen("metadata_name", old=True)
def metadata_name():
    """The one name that safetensors cannot hold."""
    return {"__metadata__": t(1), "w": t(2)}


@specimen("lone_surrogate", old=True)
def lone_surrogate():
    return {"bad\ud800": t(1), "w": t(2)}


@specimen("long_and_deep", old=True)
def long_and_deep():
    deep = t(1)
    for level in range(200):
        deep = {"d": deep} if level % 2 else [deep]
    return {"x" * 5000: t(2), "deep": deep}


@specimen("root_list", old=True)
def root_list():
    return [t(1), {"w": t(2)}, (t(3), 7)]


@specimen("root_tuple", old=True)
def root_tuple():
    return t(1), t(2), "text"


@specimen("root_tensor", old=True)
def root_tensor():
    return torch.arange(6, dtype=torch.int16).view(2, 3)


@specimen("root_parameter", old=True)
def root_parameter():
    return torch.nn.Parameter(torch.randn(2, 2))


@specimen("recursive_list", old=True)
def recursive_list():
    ring = [t(1)]
    ring.append(ring)
    return ring


@specimen("empty_dict", old=True)
def empty_dict():
    return {}


@specimen("no_tensors", old=True)
def no_tensors():
    return {"epoch": 3, "names": ["a", "b"], "empty": {}}


@specimen("root_none")
def root_none():
    return None


@specimen("with_metadata", old=True)
def with_metadata():
    """An OrderedDict with _metadata, at the root and nested."""
    net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))
    return {"net": net.state_dict(), "step": 1}


@specimen("state_dict_with_metadata", ext="bin", old=True)
def state_dict_with_metadata():
    return torch.nn.Sequential(torch.nn.Conv1d(1, 2, 2), torch.nn.BatchNorm1d(2, affine=False)).state_dict()


@specimen("many", old=True)
def many():
    """Storage keys that sort differently as numbers and as strings."""
    return {"layers.%d.bias" % i: torch.full((2,), i, dtype=torch.float16) for i in range(120)}
