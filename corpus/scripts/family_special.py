"""Tensors that are more, or less, than one dense block of values."""

import collections
import io

import torch

import stand_ins
import truth
from specimen import MODERN, specimen


@specimen("quantized", old=True)
def quantized():
    made = {}
    for name in ("qint8", "quint8", "qint32"):
        dtype = getattr(torch, name)
        made["tensor_" + name] = torch.quantize_per_tensor(
            torch.randn(3, 4), 0.1, 3 if "u" in name else 0, dtype
        )
    made["scalar"] = torch.quantize_per_tensor(torch.tensor(1.0), 0.5, 1, torch.quint8)
    made["transposed"] = made["tensor_qint8"].t()
    return made


@specimen("quantized_per_channel", old=True)
def quantized_per_channel():
    scales, zeros = torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64), torch.tensor([0, 1, 2])
    made = {
        name: torch.quantize_per_channel(torch.randn(4, 3), scales, zeros, 1, getattr(torch, name))
        for name in ("qint8", "quint8", "qint32")
    }
    made["first_axis"] = torch.quantize_per_channel(torch.randn(3, 2), scales, zeros, 0, torch.qint8)
    made["float_qparams"] = torch.quantize_per_channel(
        torch.rand(3, 4), scales.float(), torch.tensor([0.5, 1.25, 2.0]), 0, torch.quint8
    )
    return made


def without_heap_bytes(tensor):
    """torch leaves bytes behind the packed values as it found them; zero makes runs equal."""
    store = truth.untyped(tensor)
    for index in range((tensor.numel() + 1) // 2, len(store)):
        store[index] = 0
    return tensor


@specimen("quantized_sub_byte", old=True)
def quantized_sub_byte():
    scales, zeros = torch.tensor([0.1, 0.2]), torch.tensor([0.25, 0.5])
    return {
        name: without_heap_bytes(
            torch.quantize_per_channel(torch.rand(2, width), scales, zeros, 0, torch.quint4x2)
        )
        for name, width in (("nibbles", 3), ("more", 8))
    }


@specimen("sparse_coo", old=True)
def sparse_coo():
    made = {
        "plain": torch.randn(3, 4).relu().to_sparse().coalesce(),
        "hybrid": torch.sparse_coo_tensor([[0, 2]], torch.randn(2, 3), (4, 3)).coalesce(),
        "empty": torch.sparse_coo_tensor(
            torch.empty(2, 0, dtype=torch.int64), torch.empty(0), (5, 6)
        ).coalesce(),
    }
    if MODERN:  # older files do not say whether they are coalesced
        made["duplicates"] = torch.sparse_coo_tensor([[1, 1, 0]], [1.0, 2.0, 3.0], (2,))
    return made


@specimen("sparse_compressed")
def sparse_compressed():
    dense = torch.tensor([[0, 1.5, 0, 0], [2, 0, 0, 3], [0, 0, 0, 0], [4, 0, 5, 0]])
    return {
        "csr": dense.to_sparse_csr(),
        "csc": dense.to_sparse_csc(),
        "bsr": dense.to_sparse_bsr((2, 2)),
        "bsc": dense.to_sparse_bsc((2, 2)),
        "batched": torch.stack([dense, dense.flip(0, 1)]).to_sparse_csr(),
        "half": dense.half().to_sparse_csr(),
        "dense": dense,
    }


@specimen("sparse_csr", modern=False, old=True, extra={"torch_reads": False})
def sparse_csr():
    """torch 1.13 wrote a rebuild function that 2.13 has no more."""
    return {"csr": torch.tensor([[0, 1.5], [2.0, 0]]).to_sparse_csr()}


@specimen("nested")
def nested():
    return {
        "strided": torch.nested.nested_tensor([torch.randn(2, 3), torch.randn(1, 3)]),
        "after": torch.ones(1),
    }


@specimen("jagged")
def jagged():
    rows = [torch.randn(2, 3), torch.randn(4, 3)]
    return {"jagged": torch.nested.nested_tensor(rows, layout=torch.jagged), "dense": torch.zeros(1)}


@specimen("subclasses")
def subclasses():
    attributed = torch.nn.Parameter(torch.ones(2))
    attributed.scale_of = "rows"
    attributed.extra = torch.full((1,), 7.0)
    return {
        "tagged": torch.randn(2, 2).as_subclass(stand_ins.Tagged),
        "buffer": torch.nn.Buffer(torch.arange(2)),
        "parameter": attributed,
        "tagged_parameter": torch.nn.Parameter(torch.randn(2).as_subclass(stand_ins.Tagged)),
    }


@specimen("wrapper_subclass")
def wrapper_subclass():
    return {
        "scaled": stand_ins.Scaled(torch.arange(6, dtype=torch.int8).view(2, 3), torch.tensor(0.5)),
        "plain": torch.ones(1),
    }


@specimen("bare_storages", old=True)
def bare_storages():
    tensor = torch.arange(4, dtype=torch.float32)
    made = {"typed": torch.DoubleStorage([1.0, 2.0]), "tensor": tensor, "its_storage": tensor.storage()}
    if MODERN:
        made["untyped"] = torch.arange(3, dtype=torch.uint8).untyped_storage()
    return made


@specimen("without_data")
def without_data():
    """Meta tensors and uninitialized parameters are names without bytes."""
    return {
        "meta": torch.empty(2, 3, device="meta"),
        "uninitialized": torch.nn.UninitializedParameter(),
        "buffer": torch.nn.UninitializedBuffer(),
        "real": torch.ones(2),
    }


@specimen("generator")
def generator():
    return {"state": torch.Generator().manual_seed(7).get_state(), "w": torch.ones(1)}


@specimen("generator_object")
def generator_object():
    return {"generator": torch.Generator().manual_seed(7), "w": torch.ones(1)}


class PicklesPlainly:
    """A tensor whose storage goes through plain pickle: a whole legacy file inside a bytes object."""

    def __init__(self, values):
        self.values = values

    def __reduce__(self):
        stream = io.BytesIO()
        torch.save(self.values.storage(), stream, _use_new_zipfile_serialization=False)
        inner = Reduces(torch.storage._load_from_bytes, stream.getvalue())
        return torch._utils._rebuild_tensor_v2, (
            inner,
            0,
            tuple(self.values.shape),
            self.values.stride(),
            False,
            collections.OrderedDict(),
        )


class Reduces:
    def __init__(self, function, *args):
        self.reduction = function, args

    def __reduce__(self):
        return self.reduction


@specimen("load_from_bytes", old=True, truth=lambda made: dict(made, inner=made["inner"].values))
def load_from_bytes():
    return {"inner": PicklesPlainly(torch.arange(4.0)), "outer": torch.ones(2)}
