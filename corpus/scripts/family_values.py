"""Plain values of every kind, beside one tensor."""

import collections
import datetime
import decimal
import fractions
import pathlib
import uuid

import numpy as np
import torch

from specimen import MODERN, specimen


def beside(**values):
    return dict({"tensor": torch.arange(3.0)}, **values)


@specimen("containers", old=True)
def containers():
    grouped = collections.defaultdict(list, a=[1], b=[])
    ordered = collections.OrderedDict([("z", 1), ("a", 2)])
    return beside(
        default=grouped,
        counter=collections.Counter("aab"),
        deque=collections.deque([1, 2], 5),
        ordered=ordered,
        set={1, 2, 3},
        words={"x", "y"},
        empty_set=set(),
        frozen=frozenset([4, 5]),
        empty_frozen=frozenset(),
        nested={"t": torch.ones(2), "l": [torch.zeros(1), (torch.ones(1),)]},
    )


@specimen("tensors_in_containers", old=True)
def tensors_in_containers():
    grouped = collections.defaultdict(dict)
    grouped["layer"]["w"] = torch.randn(2)
    return {
        "default": grouped,
        "deque": collections.deque([torch.ones(1), torch.zeros(2)]),
        "tuple": (torch.arange(2), [torch.arange(3)]),
        "counter": collections.Counter(a=2),
    }


@specimen("bytes", old=True)
def raw_bytes():
    return beside(
        raw=bytes(range(256)),
        empty=b"",
        array=bytearray(b"\x00\x80\xff"),
        empty_array=bytearray(),
        complex=1.5 - 2j,
        odd=complex(float("nan"), -0.0),
    )


@specimen("accepted_values")
def accepted_values():
    """Every plain value that weights_only takes."""
    return beside(
        complex=2j,
        set={1, 2},
        raw=b"ab",
        array=bytearray(b"cd"),
        counter=collections.Counter([1, 1, 2]),
        size=torch.Size([2, 3]),
        device=torch.device("cuda", 1),
        cpu=torch.device("cpu"),
        dtype=torch.bfloat16,
        layout=torch.strided,
    )


@specimen("ranges", old=True)
def ranges():
    return beside(
        range=range(2, 10, 3),
        huge=range(10**15),
        slice=slice(1, None, 2),
        all=slice(None),
        ellipsis_free=(slice(0, 4), 3),
    )


@specimen("torch_values", old=True)
def torch_values():
    return beside(
        size=torch.randn(2, 3).shape,
        no_size=torch.Size([]),
        cpu=torch.device("cpu"),
        gpu=torch.device("cuda:1"),
        dtypes=[torch.float32, torch.bool, torch.int64],
        strided=torch.strided,
        sparse=torch.sparse_coo,
        scheme=torch.float16,
    )


@specimen("dates", old=True)
def dates():
    east = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    return beside(
        moment=datetime.datetime(2023, 4, 5, 6, 7, 8, 9),
        day=datetime.date(1999, 12, 31),
        time=datetime.time(23, 59, 58, 7),
        delta=datetime.timedelta(-3, 4, 5),
        utc=datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc),
        east=datetime.datetime(2020, 1, 2, 3, tzinfo=east),
    )


@specimen("paths_and_numbers", old=True)
def paths_and_numbers():
    return beside(
        path=pathlib.PurePosixPath("runs/exp 1/last.ckpt"),
        real=pathlib.PosixPath("data/train"),
        windows=pathlib.PureWindowsPath("C:/models/x"),
        decimal=decimal.Decimal("3.1400"),
        uuid=uuid.UUID(int=0x1234567890ABCDEF << 40),
        fraction=fractions.Fraction(-3, 7),
    )


SCALARS = (
    "bool_",
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


@specimen("numpy_scalars", old=True)
def numpy_scalars():
    values = {
        name: getattr(np, name)(1.25 if "float" in name or "complex" in name else 1) for name in SCALARS
    }
    values.update(
        nan=np.float32("nan"),
        minus=np.int64(-(2**63)),
        large=np.uint64(2**64 - 1),
        text=np.str_("gr\u00fcn"),
        raw=np.bytes_(b"ab"),
        day=np.datetime64("2020-02-29"),
        step=np.timedelta64(90, "s"),
    )
    return beside(**values)


def native(value):
    """What the stand-ins of numpy_scalars_big_endian denote."""
    return {key: item.array[0] if hasattr(item, "array") else item for key, item in value.items()}


@specimen("numpy_scalars_big_endian", old=True, truth=native)
def numpy_scalars_big_endian():
    """The pickles of scalars keep the byte order of the array they came from."""

    def swapped(name, value):
        return np.array([value], dtype=np.dtype(name).newbyteorder(">"))

    scalar = np.core.multiarray.scalar if not MODERN else np._core.multiarray.scalar

    class BigEndian:
        def __init__(self, name, value):
            self.array = swapped(name, value)

        def __reduce__(self):
            return scalar, (self.array.dtype, self.array.tobytes())

    return beside(f=BigEndian("float64", 2.5), i=BigEndian("int32", -7), c=BigEndian("complex64", 1 - 1j))


@specimen("globals", old=True)
def globals_as_values():
    """Classes and functions that are mentioned but not called."""
    return beside(activation=torch.nn.functional.relu, cls=torch.nn.Linear, builtin=len, kind=dict)
