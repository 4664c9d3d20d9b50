"""The same object through every pickle protocol, in the zip and in the legacy stream."""

import collections

import torch

from specimen import specimen


def mixed():
    base = torch.arange(6.0).reshape(2, 3)
    return collections.OrderedDict(
        [
            ("w", base),
            ("tied", base),
            ("t", base.t()),
            ("n", 300),
            ("negative", -70000),
            ("long", 2**40),
            ("float", 0.1),
            ("text", "\u00fc" * 300),
            ("raw", b"\x00\xff" * 200),
            ("tuple", (1, 2, 3, 4)),
            ("set", {1, 2}),
            ("frozen", frozenset([3])),
            ("none", None),
            ("list", [True, False, [None]]),
        ]
    )


for number in (2, 3, 4, 5):
    specimen("zip_protocol%d" % number, old=True, protocol=number)(mixed)
    specimen("legacy_protocol%d" % number, old=number in (2, 4), protocol=number, legacy=True)(mixed)


@specimen("frames", protocol=4)
def frames():
    """A pickle longer than one frame, and a string that lies outside all frames."""
    return {
        "tensors": [torch.full((1,), i, dtype=torch.int32) for i in range(12)],
        "numbers": list(range(9000)),
        "text": "x" * 16000,
        "tail": torch.ones(1),
    }


@specimen("many_memos", old=True)
def many_memos():
    """More than 256 memo entries: LONG_BINPUT and LONG_BINGET."""
    names = ["layer%d.weight" % i for i in range(300)]
    state = {name: torch.full((1,), i % 100, dtype=torch.int8) for i, name in enumerate(names[:20])}
    return {"state": state, "names": names, "again": [[n] for n in names[-20:]]}
