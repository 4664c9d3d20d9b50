"""Makes the checkpoint that a page of docs/recipes is about, and prints what torch.load says to it.

    python recipe_inputs.py PAGE FOLDER

The file gets the name it has on the page. The libraries that wrote the real ones are not needed: a stand-in class is
registered under the module and name that the pickle must hold. Standard output is the message of
torch.load(weights_only=True), or of the call that the page tells of; empty where that call succeeds.
"""

import argparse
import collections
import os
import shutil
import sys
import types

import numpy
import torch
from torch import nn


def stand_in(dotted, *bases, **members):
    """A class that pickles under another module's name."""
    module_name, name = dotted.rsplit(".", 1)
    parts = module_name.split(".")
    for i in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:i]), types.ModuleType(".".join(parts[:i])))
    made = type(name, bases or (object,), {"__module__": module_name, **members})
    setattr(sys.modules[module_name], name, made)
    return made


def filled(shape, start=0, dtype=torch.float32):
    count = int(numpy.prod(shape))
    return (torch.arange(start, start + count, dtype=torch.float32) / 8).reshape(shape).to(dtype)


def message_of(call):
    try:
        call()
    except Exception as error:  # what it says is all that is wanted
        return str(error)
    return ""


def plain(path):
    return message_of(lambda: torch.load(path, weights_only=True))


# ---- one function for each page


def fairseq():
    dictionary = stand_in("fairseq.data.dictionary.Dictionary")
    words = dictionary()
    words.symbols = ["<s>", "<pad>", "</s>", "<unk>", "hello"]
    words.count = [1, 1, 1, 1, 7]
    words.indices = {word: i for i, word in enumerate(words.symbols)}
    words.pad_index = 1
    model = collections.OrderedDict()
    model["encoder.layer_norm.weight"] = filled([4])
    model["encoder.layer_norm.bias"] = filled([4], 4)
    torch.save(
        {"args": None, "cfg": {"task": {"sample_rate": 16000}}, "model": model,
         "task_state": {"target_dictionary": words}},
        "hubert_base.pt")
    # The page's last part needs the class itself, as the person who has fairseq has it.
    os.makedirs("fairseq/data")
    for package in ("fairseq", "fairseq/data"):
        open(package + "/__init__.py", "w").close()
    with open("fairseq/data/dictionary.py", "w") as source:
        source.write("class Dictionary:\n    def __len__(self):\n        return len(self.symbols)\n")
    return plain("hubert_base.pt")


def opacus():
    wrapper = stand_in("opacus.grad_sample.grad_sample_module.GradSampleModule", nn.Module)
    module = wrapper()
    module._module = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 1))
    module.batch_first = True
    for parameter in module.parameters():
        parameter.grad_sample = None
    torch.save(module, "private_model.pt")
    return plain("private_model.pt")


def gemma():
    model = collections.OrderedDict()
    model["freqs_cis"] = torch.complex(filled([4, 2]), filled([4, 2], 8))
    model["embedder.weight"] = filled([8, 4], dtype=torch.bfloat16)
    model["model.layers.0.self_attn.qkv_proj.weight"] = filled([6, 4], dtype=torch.bfloat16)
    torch.save({"model_state_dict": model}, "gemma-2b.ckpt", _use_new_zipfile_serialization=False)
    return message_of(lambda: torch.load("gemma-2b.ckpt", mmap=True, weights_only=True))


def tutorial():
    vgg = stand_in("torchvision.models.vgg.VGG", nn.Module)

    def build():
        module = vgg()
        module.features = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
        module.classifier = nn.Sequential(nn.Linear(4, 2))
        return module

    module = build()
    torch.save(module.state_dict(), "model_weights.pth")
    torch.save(module, "model.pth")
    return plain("model.pth")


def deeplabcut():
    model = collections.OrderedDict()
    model["backbone.model.conv1.weight"] = filled([2, 3, 3, 3])
    model["heads.bodypart.heatmap_head.weight"] = filled([2, 2], 54)
    torch.save(
        {"model": model,
         "metadata": {"epoch": 200, "metrics": {"test/rmse": numpy.float64(3.25), "test/mAP": numpy.float64(91.5)},
                      "losses": {"total_loss": numpy.float32(0.5)}}},
        "snapshot-200.pt")
    return plain("snapshot-200.pt")


def yolo():
    detection = stand_in("ultralytics.nn.tasks.DetectionModel", nn.Module)
    conv = stand_in("ultralytics.nn.modules.conv.Conv", nn.Module)
    block = conv()
    block.conv = nn.Conv2d(3, 4, 3, bias=False)
    block.bn = nn.BatchNorm2d(4)
    network = detection()
    network.model = nn.Sequential(block)
    network.names = {0: "person", 1: "bicycle"}
    network.stride = torch.tensor([8.0, 16.0, 32.0])
    network.half()
    torch.save(
        {"date": "2025-01-01T00:00:00", "version": "8.3.0", "epoch": -1, "best_fitness": 0.5, "model": network,
         "ema": None, "updates": None, "optimizer": None, "train_args": {"imgsz": 640, "data": "coco8.yaml"}},
        "best.pt")
    return plain("best.pt")


def lightning():
    attributes = stand_in("lightning_fabric.utilities.data.AttributeDict", dict)
    model = collections.OrderedDict()
    model["net.0.weight"] = filled([2, 3])
    model["net.0.bias"] = filled([2], 6)
    optimizer = {"state": {0: {"step": torch.tensor(10.0), "exp_avg": filled([2, 3]), "exp_avg_sq": filled([2, 3])}},
                 "param_groups": [{"lr": 0.001, "params": [0]}]}
    torch.save(
        {"epoch": 3, "global_step": 40, "pytorch-lightning_version": "2.4.0", "state_dict": model,
         "loops": {"fit_loop": {"epoch_progress": {"current": {"ready": 4}}}},
         "callbacks": {"ModelCheckpoint{'monitor': 'val_loss'}": {"best_model_score": torch.tensor(0.25)}},
         "optimizer_states": [optimizer], "lr_schedulers": [], "hparams_name": "kwargs",
         "hyper_parameters": attributes(lr=0.001, hidden=2)},
        "last.ckpt")
    return plain("last.ckpt")


def megatron():
    arguments = argparse.Namespace(num_layers=2, hidden_size=4, padded_vocab_size=8, params_dtype=torch.bfloat16)
    model = {"embedding": {"word_embeddings": {"weight": filled([8, 4], dtype=torch.bfloat16)}},
             "encoder": {"layers.0.input_norm.weight": filled([4], 32, torch.bfloat16)}}
    torch.save(
        {"args": arguments, "checkpoint_version": 3.0, "iteration": 1000, "model": {"language_model": model}},
        "model_optim_rng.pt")
    return plain("model_optim_rng.pt")


def numpy_scalars():
    torch.save(
        {"model_state_dict": {"weight": filled([2, 2])}, "best_loss": numpy.float64(0.125),
         "epoch": numpy.int64(7), "history": numpy.array([0.5, 0.25, 0.125])},
        "checkpoint.pth.tar")
    return plain("checkpoint.pth.tar")


def readme():
    fairseq()
    os.rename("hubert_base.pt", "model.pt")
    os.mkdir("checkpoints")
    shutil.copy("model.pt", "checkpoints/epoch=1.pt")
    return plain("model.pt")


PAGES = {
    "fairseq": fairseq, "opacus": opacus, "gemma-mmap": gemma, "pytorch-tutorial": tutorial,
    "deeplabcut": deeplabcut, "yolo": yolo, "lightning": lightning, "megatron": megatron, "numpy": numpy_scalars,
    "README": readme,
}

if __name__ == "__main__":
    torch.manual_seed(0)
    page, folder = sys.argv[1:]
    os.chdir(folder)
    print(PAGES[page]())
