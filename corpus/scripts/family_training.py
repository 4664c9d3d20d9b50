"""Training states: optimizer, scheduler, and the plain values that surround them."""

import collections

import torch

from specimen import specimen


def trained(optimizer_class, **options):
    net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 2))
    optimizer = optimizer_class(net.parameters(), **options)
    for _ in range(2):
        optimizer.zero_grad()
        net(torch.randn(5, 4)).square().mean().backward()
        optimizer.step()
    return net, optimizer


@specimen("adam", old=True)
def adam():
    net, optimizer = trained(torch.optim.Adam, lr=0.01, betas=(0.9, 0.99), amsgrad=True)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 10)
    return {
        "epoch": 3,
        "global_step": 12345678901,
        "best": 0.8125,
        "done": False,
        "note": None,
        "model_state_dict": net.state_dict(),
        "optimizer": optimizer.state_dict(),
        "lr_scheduler": scheduler.state_dict(),
        "loss_history": [1.5, 0.75, float("inf")],
    }


@specimen("sgd_legacy", old=True, legacy=True)
def sgd_legacy():
    net, optimizer = trained(torch.optim.SGD, lr=0.1, momentum=0.9)
    return {"state_dict": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 1}


@specimen("wrapped", ext="pth", old=True)
def wrapped():
    """All tensors below one wrapper: the prefix may be dropped."""
    net, _ = trained(torch.optim.SGD, lr=0.1)
    return {"epoch": 9, "state_dict": net.state_dict(), "arch": "tiny", "config": {"width": 3}}


@specimen("ema_and_model", ext="ckpt")
def ema_and_model():
    net, _ = trained(torch.optim.SGD, lr=0.1)
    return {
        "model": net.state_dict(),
        "ema": collections.OrderedDict((k, v.clone()) for k, v in net.state_dict().items()),
        "rng": torch.arange(16, dtype=torch.uint8),
        "scaler": {"scale": 65536.0, "growth": 2},
    }


@specimen("primitives", old=True)
def primitives():
    return {
        "tensor": torch.ones(2),
        "small": 7,
        "byte": 255,
        "short": 65535,
        "int32": -(2**31),
        "int64": 2**63,
        "minus": -(2**63) - 1,
        "huge": 3**200,
        "zero": 0,
        "true": True,
        "none": None,
        "pi": 3.141592653589793,
        "tenth": 0.1,
        "tiny": 5e-324,
        "max": 1.7976931348623157e308,
        "nan": float("nan"),
        "inf": float("-inf"),
        "minus_zero": -0.0,
        "text": "gr\u00fc\u00df \U0001f600",
        "controls": "tab\tline\nnul\x00esc\x1b",
        "empty": "",
        "tuple": (1, (2.5, "x"), ()),
        "list": [[], [None], [1, [2, [3]]]],
        "dict": {"a": {"b": {}}},
    }
