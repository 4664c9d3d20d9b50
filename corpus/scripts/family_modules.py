"""Whole modules, pickled as objects, and the names that their state_dict() gives."""

import torch

import stand_ins
from specimen import MODERN, specimen


@specimen("block", old=True)
def block():
    """Non-persistent buffer, None parameter, None buffer, a tensor that is a plain attribute."""
    return stand_ins.Block()


@specimen("twins", old=True)
def twins():
    return stand_ins.Twins()


@specimen("holder", old=True)
def holder():
    return stand_ins.Holder()


@specimen("data_parallel", ext="pth", old=True)
def data_parallel():
    return torch.nn.DataParallel(torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2)))


@specimen("weight_norm", old=True)
def weight_norm():
    return torch.nn.Sequential(
        torch.nn.utils.weight_norm(torch.nn.Linear(3, 2)), torch.nn.utils.spectral_norm(torch.nn.Linear(2, 2))
    )


@specimen("parametrizations", old=True)
def parametrizations():
    """torch refuses to pickle a parametrized module whole, so this is its state_dict."""
    linear = torch.nn.Linear(3, 3)
    if MODERN:
        linear = torch.nn.utils.parametrizations.weight_norm(linear)
    return {
        "linear": torch.nn.utils.parametrizations.orthogonal(torch.nn.Linear(3, 3)).state_dict(),
        "normed": linear.state_dict(),
    }


@specimen("recurrent", old=True)
def recurrent():
    return torch.nn.LSTM(3, 2, num_layers=2, bidirectional=True)


@specimen("attention")
def attention():
    return torch.nn.TransformerEncoderLayer(4, 2, 6)


@specimen("graph_module")
def graph_module():
    """torch.fx: the weights, and source text that must not be kept."""
    return torch.fx.symbolic_trace(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU()))


@specimen("best", ext="pt", old=True)
def best():
    """Detector style: two modules in half precision beside plain values."""

    def net():
        return torch.nn.Sequential(torch.nn.Conv2d(1, 2, 1), torch.nn.BatchNorm2d(2)).half()

    return {
        "epoch": -1,
        "best_fitness": 0.5,
        "model": net(),
        "ema": net(),
        "updates": 12,
        "optimizer": None,
        "train_args": {"imgsz": 64, "batch": 2},
        "date": "2024-01-02",
    }


@specimen("modules_in_a_list", old=True)
def modules_in_a_list():
    shared = torch.nn.Linear(2, 2)
    return {"nets": [shared, shared, stand_ins.Block(2)], "weight": shared.weight}


@specimen("extra_state")
def extra_state():
    return torch.nn.ModuleDict({"net": stand_ins.WithExtraState(), "plain": torch.nn.Linear(1, 1)})


@specimen("lazy")
def lazy():
    return torch.nn.Sequential(torch.nn.LazyLinear(3), torch.nn.Linear(3, 1))


@specimen("quantized_state_dict", old=True)
def quantized_state_dict():
    return quantized_linear().state_dict()


@specimen("quantized_module")
def quantized_module():
    return quantized_linear()


def quantized_linear():
    layer = torch.ao.nn.quantized.Linear(4, 3)
    weight = torch.quantize_per_tensor(torch.randn(3, 4), 0.05, 0, torch.qint8)
    layer.set_weight_bias(weight, torch.randn(3))
    layer.scale, layer.zero_point = 0.25, 3
    return torch.nn.Sequential(layer)


@specimen("quantized_modules")
def quantized_modules():
    """Static and dynamic ones: each writes more than parameters and buffers, convolutions have a tuple as state."""
    nnq = torch.ao.nn.quantized
    fused = torch.ao.nn.intrinsic.quantized
    ones = torch.nn.Parameter(torch.ones(3))
    net = torch.nn.ModuleDict(
        {
            "quantize": nnq.Quantize(0.5, 1, torch.quint8),
            "conv": nnq.Conv2d(2, 3, 2),
            "conv_relu": fused.ConvReLU1d(2, 3, 2, bias=False),
            "transposed": nnq.ConvTranspose3d(2, 2, 1),
            "dynamic_conv": torch.ao.nn.quantized.dynamic.Conv2d(2, 2, 1),
            "linear_relu": fused.LinearReLU(3, 2),
            "tanh": fused.LinearTanh(3, 2),
            "dynamic_linear": torch.ao.nn.quantized.dynamic.Linear(3, 2, bias_=False),
            "embedding": nnq.Embedding(4, 8),
            "bag": nnq.EmbeddingBag(4, 8),
            "norm": nnq.BatchNorm2d(3),
            "layer_norm": nnq.LayerNorm(3, ones, torch.nn.Parameter(torch.zeros(3)), 0.5, 2),
            "add": nnq.QFunctional(),
        }
    )
    for name in ("conv", "conv_relu", "transposed", "dynamic_conv"):
        layer = net[name]
        weight, bias = layer._weight_bias()
        integers = torch.randint(-9, 9, weight.shape, dtype=torch.int8)
        layer.set_weight_bias(torch._make_per_tensor_quantized_tensor(integers, 0.25, 0), bias)
        layer.scale, layer.zero_point = 0.125, 7
    net["add"].scale, net["add"].zero_point = 0.75, 4
    return net


@specimen("hooks_and_optimizer")
def hooks_and_optimizer():
    """An optimizer pickled whole points at the parameters that the module has named already."""
    net = torch.nn.Linear(2, 2)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    net(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    net.zero_grad(set_to_none=True)
    return {"net": net, "optimizer": optimizer}
