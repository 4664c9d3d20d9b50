"""numpy arrays inside torch files. torch 1.13 ran with numpy 1, whose modules had other names."""

import numpy as np
import torch

from specimen import specimen

NUMBERS = (
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
)


def beside(**values):
    return dict({"tensor": torch.arange(3.0)}, **values)


def filled(name, shape=(2, 3)):
    values = np.random.randint(0, 100, shape)
    return (values - 1j * values if "complex" in name else values).astype(name)


@specimen("numbers", old=True)
def numbers():
    return beside(**{name: filled(name) for name in NUMBERS})


@specimen("numbers_protocol5", protocol=5)
def numbers_protocol5():
    """_frombuffer instead of _reconstruct."""
    return {"c": filled("float32"), "f": np.asfortranarray(filled("int64")), "tensor": torch.ones(1)}


@specimen("numbers_protocol3_legacy", old=True, legacy=True, protocol=3)
def numbers_protocol3_legacy():
    return {"c": filled("float32"), "f": np.asfortranarray(filled("int64")), "tensor": torch.ones(1)}


@specimen("orders", old=True)
def orders():
    cube = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    return beside(
        fortran=np.asfortranarray(cube),
        big=cube.astype(">f4"),
        big_int=np.arange(5, dtype=">i8"),
        both=np.asfortranarray(cube.astype(">f8")),
        strided=cube[:, ::2, 1:],
        reversed=cube[::-1],
        scalar=np.array(2.5),
        empty=np.empty((0, 3), dtype=np.int16),
        half=cube.astype(">f2"),
        complex=(cube[0] * (1 - 2j)).astype(">c8"),
    )


@specimen("only_arrays", ext="pth", old=True)
def only_arrays():
    """No tensor at all until the arrays become some."""
    return {"anchors": filled("float64", (3, 2)), "classes": np.arange(4)}


@specimen("objects", old=True)
def object_arrays():
    inside = np.empty((2, 2), dtype=object)
    inside[0, 0], inside[0, 1], inside[1, 0], inside[1, 1] = torch.ones(2), "text", 3, None
    return beside(names=np.array(["a", None, 5], dtype=object), nested=inside)


@specimen("structured", old=True)
def structured():
    kind = np.dtype([("id", "<i4"), ("score", ">f8"), ("box", "<f4", (2, 2))])
    table = np.zeros(3, dtype=kind)
    table["id"], table["score"], table["box"] = [1, 2, 3], [0.5, 1.5, 2.5], np.arange(4).reshape(2, 2)
    return beside(table=table)


@specimen("texts_and_times", old=True)
def texts_and_times():
    return beside(
        unicode=np.array(["ab", "\u00e9\u4e2d"]),
        raw=np.array([b"x", b"yz"]),
        days=np.array(["2020-01-01", "NaT"], dtype="M8[D]"),
        steps=np.array([1, -2], dtype="m8[ms]"),
    )


@specimen("dtypes_as_values", old=True)
def dtypes_as_values():
    return beside(f=np.dtype("float32"), big=np.dtype(">i4"), record=np.dtype([("a", "i4")]))
