"""TorchScript archives that torch 2.13 no longer writes but still reads, and quantized ones."""

import json
import struct
import zipfile

import torch

import assemble as asm
from specimen import specimen

ASSEMBLED = {"made_by": "assembled", "torch_reads": False}  # no build here has the reader of model.json
TYPES = {"float32": "FLOAT", "float64": "DOUBLE", "int64": "INT64", "uint8": "UINT8", "bool": "BOOL"}
JIT = "torch.jit._pickle"


class Table:
    """The tensors of model.json and the records of their storages."""

    def __init__(self):
        self.tensors = []
        self.records = {}
        self.names = {}

    def add(self, tensor):
        storage = tensor.untyped_storage()
        name = self.names.setdefault(storage.data_ptr(), "tensors/%d" % len(self.tensors))
        self.records[name] = bytes(storage)
        entry = {
            "dims": [str(size) for size in tensor.shape],
            "offset": str(tensor.storage_offset()),
            "strides": [str(stride) for stride in tensor.stride()],
            "requiresGrad": tensor.requires_grad,
            "dataType": TYPES[str(tensor.dtype).split(".")[1]],
            "data": {"key": name},
            "device": "cpu",
        }
        self.tensors.append(entry)
        return str(len(self.tensors) - 1)


def parameter(table, name, tensor, buffer=False):
    return {"isBuffer": buffer, "tensorId": table.add(tensor), "name": name}


def archive(path, model, records):
    """An archive as PyTorchStreamWriter of 1.1 wrote it: everything in one folder, `version` last."""
    with zipfile.ZipFile(path, "w") as out:
        for name, data in list(records.items()) + [("model.json", json.dumps(model).encode()), ("version", b"1\n")]:
            packed = zipfile.ZIP_DEFLATED if name.startswith("code/") else zipfile.ZIP_STORED
            out.writestr(zipfile.ZipInfo("net/" + name, (1980, 1, 1, 0, 0, 0)), data, packed)


CODE = b"op_version_set = 0\ndef forward(self, x: Tensor) -> Tensor:\n  return x\n"


def write_first(value, path):
    table = Table()
    child = {
        "name": "fc",
        "optimize": True,
        "parameters": [
            parameter(table, "weight", value["fc.weight"]),
            parameter(table, "mask", value["fc.mask"], True),
        ],
    }
    main = {
        "name": "net",
        "optimize": True,
        "torchscriptArena": {"key": "code/net.py"},
        "parameters": [
            parameter(table, "scale", value["scale"]),
            parameter(table, "steps", value["steps"], True),
            parameter(table, "row", value["row"]),
        ],
        "submodules": [child],
    }
    model = {"protoVersion": "1", "mainModule": main, "producerName": "pytorch", "tensors": table.tensors}
    archive(path, model, dict(table.records, **{"code/net.py": CODE}))


@specimen("of_1_0", write=write_first, extra=ASSEMBLED)
def of_1_0():
    """model.json alone: buffers are parameters with a mark; a submodule; a view and a tie."""
    table = torch.arange(12.0).view(3, 4)
    return {
        "fc.weight": table.t(),
        "fc.mask": torch.tensor([True, False]),
        "scale": torch.tensor(0.5),
        "steps": torch.tensor([3], dtype=torch.int64),
        "row": table[1],
    }


def old_reference(place):
    return asm.Build(asm.NewObj(asm.Global(JIT, "TensorID"), ()), place)


def new_reference(place):
    return asm.Call(asm.Global(JIT, "build_tensor_from_id"), (place,))


def int_list(*values):
    return asm.Call(asm.Global(JIT, "build_intlist"), (list(values),))


def write_attributes(version, reference, wrap):
    def writer(value, path):
        table = Table()
        weight = parameter(table, "weight", value["weight"])
        pickled = [
            reference(int(table.add(value["running"]))),
            [reference(int(table.add(item))) for item in value["pieces"]],
            int_list(2, 3),
            "relu",
        ]
        types = ("Tensor", "List[Tensor]", "List[int]", "str")
        names = ("running", "pieces", "sizes", "kind")
        attributes = [
            {"type": kind, "name": name, "id": str(place)} for place, (kind, name) in enumerate(zip(types, names))
        ]
        main = {"name": "net", "parameters": [weight], "attributes": attributes}
        main["torchscriptArena"] = {"key": "code/net.py"}
        model = {"protoVersion": str(version), "mainModule": main, "tensors": table.tensors}
        records = dict(table.records)
        records["code/net.py"] = CODE
        records["attributes.pkl"] = asm.pickle(wrap(pickled))
        archive(path, model, records)

    return writer


def attributes():
    return {
        "weight": torch.arange(6.0).view(2, 3),
        "running": torch.tensor([1.5, 2.5], dtype=torch.float64),
        "pieces": [torch.tensor([1, 2]), torch.zeros(0)],
        "sizes": [2, 3],
        "kind": "relu",
    }


specimen("of_1_1", write=write_attributes(2, old_reference, list), extra=ASSEMBLED)(attributes)
specimen("of_1_3", write=write_attributes(5, new_reference, tuple), extra=ASSEMBLED)(attributes)
