"""Objects of classes that the reader does not have: their state is data, their class a name."""

import argparse
import collections
import functools
import types

import numpy as np
import torch

import stand_ins
import stand_ins_of_others
from specimen import save, specimen


@specimen("namespace", ext="pth", old=True)
def namespace():
    args = argparse.Namespace(
        lr=0.1, layers=[2, 2], name="tiny", resume=None, class_weights=torch.tensor([0.25, 0.75])
    )
    return {"model": {"w": torch.randn(2, 2)}, "args": args, "epoch": 2}


@specimen("dataclasses", old=True)
def data_classes():
    return {
        "plain": stand_ins.Hyper(3, 0.5, torch.ones(2)),
        "slotted": stand_ins.SlottedHyper(4, torch.zeros(2)),
        "slots": stand_ins.Slotted(torch.arange(2), "right"),
        "both": mixed_slots(),
    }


def mixed_slots():
    made = stand_ins.SlottedWithDict(1, torch.arange(3))
    made.extra = torch.arange(4)
    return made


@specimen("named_tuples", old=True)
def named_tuples():
    return {
        "batch": stand_ins.Batch(torch.randn(2, 2), torch.tensor([0, 1]), 0.5),
        "list": [stand_ins.Batch(1, None, torch.ones(1))],
        "maximum": torch.max(torch.arange(6).view(2, 3), dim=1),
    }


@specimen("enums", old=True)
def enums():
    return {
        "tensor": torch.ones(1),
        "color": stand_ins.Color.GREEN,
        "level": stand_ins.Level.HIGH,
        "named": stand_ins.Named.FIRST,
        "by_color": {"x": [stand_ins.Color.RED] * 2},
    }


@specimen("objects", old=True)
def objects():
    inner = stand_ins.Settings(depth=2, bias=torch.randn(2))
    return {
        "config": stand_ins.Settings(inner=inner, again=inner, items=[1, {"k": torch.ones(1)}]),
        "simple": types.SimpleNamespace(a=1, t=torch.zeros(2, dtype=torch.int8)),
        "empty": stand_ins.Settings(),
    }


@specimen("root_object", old=True)
def root_object():
    return stand_ins.Settings(weights={"a.b": torch.randn(3)}, step=7)


@specimen("reductions", old=True)
def reductions():
    """Calls that then get state, list items and dict items; odd states; new with arguments."""
    meter = stand_ins.Meter("loss")
    meter.append(torch.tensor(0.5))
    meter.append(2.0)
    meter["best"] = torch.tensor([1.0])
    return {
        "meter": meter,
        "state": stand_ins.WithSetState(torch.ones(2), "x"),
        "args": stand_ins.NewArgs(1, torch.full((2,), 3.0)),
        "keywords": stand_ins.NewKeywords("a", torch.full((1,), 4.0)),
    }


@specimen("partials", old=True)
def partials():
    return {
        "tensor": torch.ones(1),
        "partial": functools.partial(stand_ins.triple, torch.arange(3), scale=2),
        "relu": functools.partial(torch.nn.functional.leaky_relu, negative_slope=0.1),
    }


@specimen("container_subclasses", old=True)
def container_subclasses():
    stack = stand_ins.Stack([torch.ones(1), 5])
    stack.limit = 10
    mapping = stand_ins.AttributeDict(lr=0.1, w=torch.randn(2))
    mapping.frozen = True
    return {"hyper_parameters": mapping, "stack": stack}


@specimen("cycles", old=True)
def cycles():
    parent = stand_ins.Settings(name="parent", weight=torch.ones(2))
    child = stand_ins.Settings(name="child", parent=parent)
    parent.children = [child]
    ring = [torch.zeros(1)]
    ring.append(ring)
    table = {"t": torch.arange(2)}
    table["self"] = table
    return {"tree": parent, "ring": ring, "table": table}


@specimen("keyed_by_objects", old=True)
def keyed_by_objects():
    """Optimizer state as torch keeps it in memory, and callbacks keyed by class."""
    weight = torch.nn.Parameter(torch.randn(2))
    return {
        "weight": weight,
        "state": {weight: {"step": 3, "momentum": torch.ones(2)}},
        "callbacks": {stand_ins.Settings: {"best": torch.tensor(0.5)}},
        "by_tuple": {("a", 1): torch.zeros(1)},
    }


@specimen("names_known_elsewhere", old=True)
def names_known_elsewhere():
    """A record before the state dict in the file points at its tensors: no second name."""
    net = torch.nn.Linear(2, 2)
    holder = stand_ins.Settings(parameters=list(net.parameters()), own=torch.full((2,), 6.0))
    return {"holder": holder, "model": net.state_dict(keep_vars=True)}


def write_dictionary(value, path):
    with stand_ins_of_others.present() as Dictionary:
        words = Dictionary()
        words.__dict__.update(vars(value["task_state"]["source_dictionary"]))
        value = dict(value, task_state={"source_dictionary": words})
        save(value, path, {})


def named_as_dictionary(value):
    words = value["task_state"]["source_dictionary"]
    made = type("Dictionary", (), {"__module__": "fairseq.data.dictionary"})()
    made.__dict__.update(vars(words))
    return dict(value, task_state={"source_dictionary": made})


@specimen("dictionary", old=True, write=write_dictionary, truth=named_as_dictionary)
def dictionary():
    """A translation checkpoint whose vocabulary is an object of a class nobody has."""
    symbols = ["<s>", "<pad>", "</s>", "<unk>", "hello", "w\u00f6rld"]
    words = types.SimpleNamespace(
        bos_word="<s>",
        unk_word="<unk>",
        pad_word="<pad>",
        eos_word="</s>",
        symbols=symbols,
        count=[1, 1, 1, 1, 20, 7],
        indices={s: i for i, s in enumerate(symbols)},
        bos_index=0,
        pad_index=1,
        eos_index=2,
        unk_index=3,
        nspecial=4,
    )
    state = collections.OrderedDict(
        [
            ("encoder.embed_tokens.weight", torch.randn(6, 3)),
            ("decoder.output_projection.weight", torch.randn(6, 3).half()),
        ]
    )
    return {
        "args": argparse.Namespace(arch="transformer", lr=[0.0005]),
        "model": state,
        "extra_state": {"epoch": 1, "val_loss": np.float64(3.5)},
        "task_state": {"source_dictionary": words},
    }
