"""Names that share storage: ties, overlaps, strides, views with conjugate and negative bits."""

import torch

from specimen import specimen


@specimen("ties", old=True)
def ties():
    base = torch.randn(6, 4)
    return {
        "embed.weight": base,
        "head.weight": base,
        "head.alias": base.view(6, 4),
        "same_values_other_storage": base.clone(),
    }


@specimen("overlaps", old=True)
def overlaps():
    base = torch.arange(40, dtype=torch.float32).reshape(5, 8)
    return {
        "whole": base,
        "rows": base[1:4],
        "columns": base[:, 2:5],
        "diagonal": base.diagonal(),
        "every_other": base[::2, ::3],
        "windows": base.flatten().unfold(0, 6, 3),
    }


@specimen("transposed", old=True)
def transposed():
    cube = torch.randn(3, 4, 5)
    return {
        "t": torch.randn(7, 3).t(),
        "permuted": cube.permute(2, 0, 1),
        "channels_last": torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last),
        "moved": cube.transpose(0, 2)[1:],
    }


@specimen("slice_of_big_storage", old=True)
def slice_of_big_storage():
    big = torch.arange(2000, dtype=torch.int32)
    return {"first": big[:3], "last": big[-2:], "middle": big[700:720].view(4, 5)}


@specimen("expanded", old=True)
def expanded():
    return {
        "scalar": torch.tensor(2.5).expand(3, 4),
        "row": torch.arange(5.0).expand(6, 5),
        "column": torch.arange(3).reshape(3, 1).expand(3, 7),
    }


@specimen("scalars_and_empty", old=True)
def scalars_and_empty():
    base = torch.arange(6.0)
    return {
        "zero_d": torch.tensor(3.25),
        "zero_d_offset": base[4],
        "empty": torch.empty(0),
        "no_rows": torch.empty(0, 3),
        "no_columns": torch.empty(4, 0, 2),
        "empty_slice": base[6:],
        "one": torch.ones(1, 1, 1),
        "int_scalar": torch.tensor(-7),
        "bool_scalar": torch.tensor(True),
    }


@specimen("conjugate_and_negative")
def conjugate_and_negative():
    """torch refuses one storage under two dtypes, so real and imaginary views have their own."""
    z = torch.randn(3, 4, dtype=torch.complex64)
    w = torch.randn(2, 3, dtype=torch.complex64)
    both = torch._neg_view(torch.randn(4, dtype=torch.complex128)).conj()
    return {
        "z": z,
        "conj": z.conj(),
        "adjoint": z.mH,
        "slice": z.conj()[1:, ::2],
        "imag": w.imag,
        "conj_imag": w.conj().imag,
        "conj_real": w.conj().real,
        "neg": torch._neg_view(torch.randn(5)),
        "conj_and_neg": both,
    }


@specimen("conjugate_only_ties")
def conjugate_only_ties():
    """The same storage, offset, shape and stride twice, yet other values: not a tie."""
    z = torch.randn(4, dtype=torch.complex64)
    return {"z": z, "conj": z.conj(), "conj_again": z.conj()}


@specimen("parameters", old=True)
def parameters():
    base = torch.randn(4, 4)
    weight = torch.nn.Parameter(base)
    return {
        "parameter": weight,
        "frozen": torch.nn.Parameter(torch.randn(2), requires_grad=False),
        "data": weight.data,
        "leaf": torch.randn(3, requires_grad=True),
    }


@specimen("same_object_and_same_storage", old=True)
def same_object_and_same_storage():
    base = torch.arange(12.0)
    return [base, base, base.view(12), base.view(3, 4), {"inner": base, "tail": base[6:]}]


@specimen("odd_strides")
def odd_strides():
    base = torch.arange(64, dtype=torch.int16)
    return {
        "gaps": base.as_strided((3, 4), (17, 2), 1),
        "backwards_rows": base.as_strided((4, 4), (1, 4), 0),
        "overlapping": base.as_strided((5, 5), (1, 1), 3),
        "size_one": base.as_strided((1, 6), (999, 1), 8),
        "mixed": base.as_strided((2, 3, 2), (0, 5, 1), 40),
    }
