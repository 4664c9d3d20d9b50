"""Every dtype that torch.save can write, and the values that a careless copy changes."""

import torch

from specimen import MODERN, specimen

COMMON = (
    torch.float64,
    torch.float32,
    torch.float16,
    torch.bfloat16,
    torch.int64,
    torch.int32,
    torch.int16,
    torch.int8,
    torch.uint8,
    torch.bool,
)
SHAPES = ((3, 5), (4,), (2, 3, 2))


def filled(dtype, shape):
    """Random bytes seen as the dtype; bool keeps to 0 and 1."""
    count = torch.Size(shape).numel()
    if dtype == torch.bool:
        return torch.randint(0, 2, shape).bool()
    width = torch.empty(0, dtype=dtype).element_size()
    return torch.randint(0, 256, (count * width,), dtype=torch.uint8).view(dtype).reshape(shape)


def one_of_each(dtypes):
    names = [str(dtype).replace("torch.", "") for dtype in dtypes]
    return {
        name: filled(dtype, SHAPES[i % len(SHAPES)]) for i, (name, dtype) in enumerate(zip(names, dtypes))
    }


def kinds(*names):
    return [getattr(torch, name) for name in names]


@specimen("common", old=True)
def common():
    return one_of_each(COMMON)


@specimen("common_legacy", old=True, legacy=True)
def common_legacy():
    return one_of_each(COMMON)


@specimen("complex", old=True)
def complex_numbers():
    return one_of_each(kinds("complex64", "complex128"))


@specimen("complex_half")
def complex_half():
    return one_of_each(kinds("complex32"))


@specimen("float8")
def float8():
    return one_of_each(
        kinds("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu")
    )


@specimen("float4")
def float4():
    return one_of_each(kinds("float4_e2m1fn_x2"))


@specimen("unsigned_wide")
def unsigned_wide():
    return one_of_each(kinds("uint16", "uint32", "uint64"))


@specimen("bits")
def bits():
    return one_of_each(kinds("bits8", "bits16", "bits1x8", "bits2x4", "bits4x2"))


@specimen("new_kinds_legacy", legacy=True, extra={"torch_reads": False})
def new_kinds_legacy():
    """torch writes these, and then finds no dtype in the untyped storages."""
    return one_of_each(kinds("float8_e4m3fn", "uint16", "uint64", "complex32"))


FLOATS = (
    ("float64", torch.int64, (0x7FF8000000000001, -0x7FFFFFFFFFFFF)),
    ("float32", torch.int32, (0x7FC00001, -0x3FFFFF)),
    ("float16", torch.int16, (0x7E01, -0x1FF)),
    ("bfloat16", torch.int16, (0x7FC1, -0x3F)),
)


@specimen("special_values", old=True)
def special_values():
    """NaN payloads, signalling NaNs, infinities, negative zero, denormals: bits, not numbers."""
    found = {}
    for name, integers, patterns in FLOATS:
        dtype = getattr(torch, name)
        limits = torch.finfo(dtype)
        plain = torch.tensor(
            [float("nan"), float("inf"), -float("inf"), -0.0, 0.0, limits.tiny, limits.max, limits.min],
            dtype=dtype,
        )
        denormal = torch.tensor([1, 2, 3], dtype=integers).view(dtype)
        nans = torch.tensor(patterns, dtype=integers).view(dtype)
        found[name] = torch.cat([plain, denormal, nans])
    found["int64"] = torch.tensor([2**63 - 1, -(2**63), 0, -1])
    found["int8"] = torch.arange(-128, 128).to(torch.int8)
    if MODERN:
        found["float8_e4m3fn"] = torch.arange(256, dtype=torch.uint8).view(torch.float8_e4m3fn)
        found["uint64"] = torch.tensor([2**64 - 1, 2**63, 0], dtype=torch.uint64)
    return found
