"""The magic-number stream of torch 0.1.10 to 1.5, and what only its age explains."""

import collections

import torch

import assemble as asm
import stand_ins
from specimen import specimen


def write(path, data):
    with open(path, "wb") as stream:
        stream.write(data)


@specimen("state_dict", ext="pth", old=True, legacy=True)
def state_dict():
    return torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2)).state_dict()


@specimen("shared", old=True, legacy=True)
def shared():
    base = torch.arange(24, dtype=torch.float64)
    return {
        "base": base,
        "tie": base,
        "rows": base.view(4, 6)[1:3],
        "t": base.view(4, 6).t(),
        "other": torch.arange(3),
        "empty": torch.empty(0),
    }


@specimen("many_storages", old=True, legacy=True)
def many_storages():
    return [torch.full((i % 4 + 1,), i, dtype=torch.int16) for i in range(30)]


@specimen("protocol3", old=True, legacy=True, protocol=3)
def protocol3():
    return {"w": torch.randn(2, 2), "n": 3, "s": "text"}


@specimen("protocol4", old=True, legacy=True, protocol=4)
def protocol4():
    return {"w": torch.randn(2, 2), "n": 3, "s": "text", "b": b"raw\xff"}


def write_text_head(value, path):
    data = value["w"].numpy().tobytes()
    tree = {"w": asm.tensor(asm.legacy_storage("501", 2), 0, (2,), (1,))}
    magic = b"L%dL\n." % asm.MAGIC
    write(path, asm.legacy(tree, {"501": (2, data)}, magic=magic, protocol=b"I1001\n."))


@specimen("text_head", write=write_text_head, extra={"made_by": "assembled"})
def text_head():
    """The leading pickles in text opcodes, as protocol 0 writes them."""
    return {"w": torch.tensor([1.5, -2.0])}


@specimen("whole_module", ext="pth", old=True, legacy=True)
def whole_module():
    """The classes come with their source text as persistent ids."""
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(2, 2), torch.nn.Linear(2, 1))


@specimen("whole_module_own_class", old=True, legacy=True)
def whole_module_own_class():
    return {"model": stand_ins.Block(2), "epoch": 4}


def write_view_metadata(value, path):
    base = asm.legacy_storage("94001", 10)
    early = asm.legacy_storage("94001", 10, view=("94002", 2, 5))
    late = asm.legacy_storage("94001", 10, view=("94003", 6, 4))
    tree = collections.OrderedDict(
        [
            ("whole", asm.tensor(base, 0, (2, 5), (5, 1))),
            ("early", asm.tensor(early, 0, (5,), (1,))),
            ("late", asm.tensor(late, 1, (3,), (1,))),
            ("late_again", asm.tensor(late, 0, (2, 2), (2, 1))),
        ]
    )
    write(path, asm.legacy(tree, {"94001": (10, value["whole"].numpy().tobytes())}))


@specimen("view_metadata", write=write_view_metadata, extra={"made_by": "assembled"})
def view_metadata():
    """Storages that are views of another storage: 2017's six-element persistent id."""
    base = torch.arange(10, dtype=torch.float32).reshape(2, 5)
    flat = base.view(10)
    return collections.OrderedDict(
        [("whole", base), ("early", flat[2:7]), ("late", flat[7:10]), ("late_again", flat[6:10].view(2, 2))]
    )


def write_2017(value, path):
    store = asm.legacy_storage("77", 6, "DoubleStorage")
    made = asm.Build(asm.Call(asm.Global("torch", "DoubleTensor"), ()), (store, 1, (2, 2), (2, 1)))
    parameter = asm.Build(
        asm.NewObj(
            asm.Global("torch.nn.parameter", "Parameter"),
            (asm.Call(asm.Global("torch._utils", "_rebuild_tensor"), (store, 0, (3,), (2,))),),
        ),
        (True, False, asm.NO_HOOKS),
    )
    tree = asm.Call(asm.OrderedDict, ([["built", made], ["parameter", parameter]],))
    write(path, asm.legacy(tree, {"77": (6, value["storage"].numpy().tobytes())}))


@specimen(
    "of_2017",
    write=write_2017,
    extra={"made_by": "assembled"},
    truth=lambda made: collections.OrderedDict(
        [("built", made["storage"][1:5].view(2, 2)), ("parameter", made["storage"][::2])]
    ),
)
def of_2017():
    """Tensor and BUILD, _rebuild_tensor, Parameter by NEWOBJ, OrderedDict from a list of pairs."""
    return {"storage": torch.arange(6, dtype=torch.float64) + 0.5}


def write_five_elements(value, path):
    """A key list that is not in the order of use, and a location no machine has."""

    def store(key, count):
        return asm.Pid(("storage", asm.Global("torch", "LongStorage"), key, "cuda:0", count, None))

    tree = {"b": asm.tensor(store("20", 2), 0, (2,), (1,)), "a": asm.tensor(store("3", 1), 0, (), ())}
    write(
        path,
        asm.legacy(
            tree,
            collections.OrderedDict(
                [("3", (1, value["a"].numpy().tobytes())), ("20", (2, value["b"].numpy().tobytes()))]
            ),
        ),
    )


@specimen("keys_not_sorted", write=write_five_elements, extra={"made_by": "assembled"})
def keys_not_sorted():
    return {"b": torch.tensor([5, -5]), "a": torch.tensor(7)}
