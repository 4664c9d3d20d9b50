"""Classes whose objects get pickled. A reader of the specimens has none of them."""

import collections
import dataclasses
import enum

import torch


class Settings:
    """An object with a plain __dict__."""

    def __init__(self, **fields):
        self.__dict__.update(fields)


class Slotted:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left, self.right = left, right


class SlottedWithDict(Slotted):
    """State is a pair: the __dict__ and the slots."""


@dataclasses.dataclass
class Hyper:
    width: int
    rate: float
    mask: object = None


@dataclasses.dataclass(slots=True) if hasattr(dataclasses, "KW_ONLY") else dataclasses.dataclass
class SlottedHyper:
    width: int
    mask: object = None


Batch = collections.namedtuple("Batch", "inputs target weight")


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Level(enum.IntEnum):
    LOW = 10
    HIGH = 20


class Named(enum.Enum):
    FIRST = "first"


class AttributeDict(dict):
    """A dict that is also an object."""


class Stack(list):
    """A list with state."""


class Meter:
    """Reduces to a call, and then gets state, list items and dict items."""

    def __init__(self, name):
        self.name = name
        self.values = []
        self.entries = {}

    def append(self, value):
        self.values.append(value)

    def extend(self, values):
        self.values.extend(values)

    def __setitem__(self, key, value):
        self.entries[key] = value

    def __reduce__(self):
        return (
            Meter,
            (self.name,),
            {"count": len(self.values)},
            iter(self.values),
            iter(self.entries.items()),
        )


class WithSetState:
    """__getstate__ gives something that is not a mapping."""

    def __init__(self, *parts):
        self.parts = parts

    def __getstate__(self):
        return ("v2", self.parts)

    def __setstate__(self, state):
        self.parts = state[1]


class NewArgs:
    def __new__(cls, *args):
        self = object.__new__(cls)
        self.given = args
        return self

    def __getnewargs__(self):
        return self.given


class NewKeywords(NewArgs):
    def __new__(cls, *args, **options):
        return NewArgs.__new__(cls, *args)

    def __getnewargs_ex__(self):
        return self.given, {"scale": 2}


class Tagged(torch.Tensor):
    """A subclass without behaviour of its own."""


if hasattr(torch.Tensor, "_make_wrapper_subclass"):

    class Scaled(torch.Tensor):
        """A wrapper subclass: no data of its own, an integer tensor and a scale in its state."""

        @staticmethod
        def __new__(cls, integers, scale):
            return torch.Tensor._make_wrapper_subclass(cls, integers.shape, dtype=torch.float32)

        def __init__(self, integers, scale):
            self.integers, self.scale = integers, scale

        def __tensor_flatten__(self):
            return ["integers", "scale"], None

        @classmethod
        def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
            raise NotImplementedError(str(func))


def triple(value):
    return value


class Block(torch.nn.Module):
    def __init__(self, width=3):
        super().__init__()
        self.linear = torch.nn.Linear(width, width)
        self.register_buffer("kept", torch.arange(width))
        self.register_buffer("scratch", torch.full((2,), 9.0), persistent=False)
        self.register_buffer("absent", None)
        self.register_parameter("nothing", None)
        self.loose_tensor = torch.full((3,), 8.0)
        self.note = "plain attribute"

    def forward(self, x):
        return self.linear(x)


class Twins(torch.nn.Module):
    """One submodule under two names, and a tied weight."""

    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(3, 3)
        self.second = self.first
        self.third = torch.nn.Linear(3, 3, bias=False)
        self.third.weight = self.first.weight

    def forward(self, x):
        return self.second(self.first(x))


class Holder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = torch.nn.ModuleList([Block(2), torch.nn.ReLU()])
        self.heads = torch.nn.ModuleDict({"a": torch.nn.Linear(2, 1), "b": torch.nn.Identity()})
        self.weights = torch.nn.ParameterList([torch.nn.Parameter(torch.randn(2)) for _ in range(3)])
        self.named = torch.nn.ParameterDict({"x": torch.nn.Parameter(torch.randn(1, 2))})


class WithExtraState(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(2))

    def get_extra_state(self):
        return {"calls": 3}

    def set_extra_state(self, state):
        pass
