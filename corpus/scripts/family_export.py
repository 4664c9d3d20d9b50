"""Exported programs (.pt2): what torch.export.save writes, and the layout before torch 2.8."""

import io
import zipfile

import torch

from specimen import specimen


class Net(torch.nn.Module):
    """Every way a tensor gets into the archive: tied, a view of a larger storage, transposed, empty, a scalar."""

    def __init__(self, value):
        super().__init__()
        self.first = torch.nn.Linear(3, 2)
        self.first.weight = torch.nn.Parameter(value["first.weight"])
        self.first.bias = torch.nn.Parameter(value["first.bias"])
        self.again = self.first
        for name in ("view", "turned", "empty", "scalar", "brief", "mask", "wide"):
            self.register_buffer(name, value[name])
        self.register_buffer("scratch", torch.ones(2), persistent=False)

    def forward(self, x):
        return self.first(x) + self.again(x) + self.scalar + self.scratch + torch.tensor([1.0, 2.0])


def state():
    base = torch.arange(20.0)
    value = {
        "first.weight": torch.arange(6.0).view(2, 3) / 8,
        "first.bias": torch.tensor([0.5, -0.5]),
        "view": base[4:8].view(2, 2),
        "turned": torch.arange(6.0).view(2, 3).t(),
        "empty": torch.zeros(0, 3),
        "scalar": torch.tensor(1.5),
        "brief": torch.tensor([1.0, 2.0], dtype=torch.bfloat16),
        "mask": torch.tensor([True, False]),
        "wide": torch.tensor([1, 65535], dtype=torch.uint16),
    }
    value["again.weight"] = value["first.weight"]
    value["again.bias"] = value["first.bias"]
    return value


def exported(module):
    """A program without the paths of the sources that it was traced from."""
    program = torch.export.export(module.eval(), (torch.ones(1, 3),))
    for node in program.graph.nodes:
        for key in ("stack_trace", "nn_module_stack", "source_fn_stack", "torch_fn", "from_node"):
            node.meta.pop(key, None)
    return program


def write_program(value, path):
    torch.export.save(exported(Net(value)), path)


TIED = {"tied": [["again.bias", "first.bias"], ["again.weight", "first.weight"]]}


@specimen("program", ext="pt2", write=write_program, extra=TIED)
def program():
    return state()


class OnlyConstants(torch.nn.Module):
    def __init__(self, tensor):
        super().__init__()
        self.table = tensor

    def forward(self, x):
        return x + self.table


def write_constants(value, path):
    torch.export.save(exported(OnlyConstants(value["constants"]["table"])), path)


@specimen("only_constants", ext="pt2", write=write_constants)
def only_constants():
    return {"constants": {"table": torch.arange(3.0)}}


def write_two(value, path):
    from torch.export.pt2_archive._package import package_pt2

    programs = {}
    for name, tensors in value.items():
        net = torch.nn.Linear(3, 2)
        net.load_state_dict(tensors)
        programs[name] = exported(net)
    package_pt2(path, exported_programs=programs)


@specimen("two_programs", ext="pt2", write=write_two)
def two_programs():
    return {
        name: {"weight": torch.full((2, 3), number), "bias": torch.full((2,), -number)}
        for name, number in (("decode", 1.0), ("encode.step", 2.0))
    }


def write_compiled(value, path):
    """The weights that AOTInductor puts beside the machine code, without that code."""
    whole = io.BytesIO()
    torch.save(value["whole"], whole)
    config = '{"whole": ["weight_0", [2, 3], [3, 1], 0], "row": ["weight_0", [3], [1], 3]}'
    with zipfile.ZipFile(path, "w") as out:
        for name, data in (
            ("data/weights/weight_0", whole.getvalue()),
            ("data/aotinductor/model/weights_config.json", config),
            ("archive_format", "pt2"),
            ("archive_version", "0"),
            (".data/version", "6\n"),
        ):
            out.writestr(zipfile.ZipInfo("net/" + name, (1980, 1, 1, 0, 0, 0)), data)


@specimen("compiled", ext="pt2", write=write_compiled, extra={"made_by": "assembled", "torch_reads": False})
def compiled():
    whole = torch.arange(6.0).view(2, 3)
    return {"whole": whole, "row": whole[1]}


def write_old(value, path):
    """Records in no folder, as torch 2.1 to 2.7 wrote them."""
    net = Net(value)
    records = {
        "version": b"5.1",
        "serialized_exported_program.json": b"{}",
        "serialized_state_dict.pt": saved(net.state_dict()),
        "serialized_constants.pt": saved({"scratch": net.scratch}),
        "serialized_example_inputs.pt": saved(((torch.ones(1, 3),), {})),
    }
    with zipfile.ZipFile(path, "w") as out:
        for name, data in records.items():
            out.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)


def saved(value):
    stream = io.BytesIO()
    torch.save(value, stream)
    return stream.getvalue()


@specimen("before_2_8", ext="pt2", write=write_old, extra=dict(TIED, made_by="assembled", torch_reads=False))
def before_2_8():
    return state()
