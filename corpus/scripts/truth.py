"""What a converter has to find in a file, computed by PyTorch from the object that was saved.

Works under torch 1.13 and 2.13. The fields are described in corpus/README.md.
"""

import base64
import collections
import copyreg
import datetime
import decimal
import fractions
import hashlib
import math
import pathlib
import types
import uuid

import numpy as np
import torch

PLAIN_KEYS = (str, int, float, bool, type(None), bytes)


def truth_of(root):
    """The manifest fields that follow from the saved object alone."""
    found = _Walk()
    found.visit(root, ())
    return found.fields()


def typed_bytes(tensor):
    """The logical values of a dense tensor: C order, little-endian, conj and neg resolved."""
    tensor = tensor.detach()
    if hasattr(tensor, "resolve_conj"):
        tensor = tensor.resolve_conj().resolve_neg()
    width = tensor.element_size()
    if tensor.numel() == 0:
        return b""
    storage = bytes(untyped(tensor).tolist())
    elements = np.frombuffer(storage, dtype=np.dtype((np.void, width)), count=len(storage) // width)
    view = np.lib.stride_tricks.as_strided(
        elements[tensor.storage_offset() :],
        tuple(tensor.shape),
        tuple(step * width for step in tensor.stride()),
    )
    return np.ascontiguousarray(view).tobytes()


def untyped(tensor):
    if hasattr(tensor, "untyped_storage"):
        return tensor.untyped_storage()
    return tensor.storage().untyped()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def dtype_name(dtype):
    return str(dtype).replace("torch.", "")


def dense_row(tensor):
    return {
        "dtype": dtype_name(tensor.dtype),
        "shape": list(tensor.shape),
        "sha256": sha256(typed_bytes(tensor)),
    }


def array_row(array):
    """A numeric numpy array as the tensor it becomes: native order, C contiguous."""
    native = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<")))
    name = "bool" if array.dtype == np.bool_ else array.dtype.name
    return {"dtype": name, "shape": list(array.shape), "sha256": sha256(native.tobytes())}


def identity_key(tensor):
    """Equal for two names that are the same values for good: the same view of the same storage."""
    storage = untyped(tensor)
    return (
        storage._cdata if tensor.numel() == 0 else storage.data_ptr(),
        tensor.dtype,
        tensor.storage_offset(),
        tuple(tensor.shape),
        tuple(tensor.stride()),
        _bit(tensor, "is_conj"),
        _bit(tensor, "is_neg"),
    )


def _bit(tensor, name):
    return bool(getattr(tensor, name)()) if hasattr(tensor, name) else False


def tagged(value):
    """A plain value as JSON; what JSON lacks is an object with one key that starts with a dollar."""
    if isinstance(value, np.generic):
        if value.dtype.kind == "V":
            return {"$numpy": value.dtype.str, "value": tagged(value.tobytes())}
        if value.dtype.kind in "Mm":
            return {"$numpy": value.dtype.str, "value": str(value)}
        return {"$numpy": value.dtype.name, "value": tagged(value.item())}
    if value is None or isinstance(value, bool):
        return value
    kind = type(value)
    if kind is int:
        return value
    if kind is str:
        if any(0xD800 <= ord(c) <= 0xDFFF for c in value):
            return {"$surrogates": [ord(c) for c in value]}
        return value
    if kind is float:
        if math.isfinite(value) and not (value == 0 and math.copysign(1, value) < 0):
            return value
        return {"$float": "-0.0" if value == 0 else str(value)}
    if kind is complex:
        return {"$complex": [tagged(value.real), tagged(value.imag)]}
    if kind is bytes:
        return {"$bytes": base64.b64encode(value).decode()}
    if kind is bytearray:
        return {"$bytearray": base64.b64encode(bytes(value)).decode()}
    if kind in (set, frozenset):
        return {"$" + kind.__name__: sorted((tagged(v) for v in value), key=repr)}
    if kind is torch.Size:
        return {"$size": list(value)}
    if kind is tuple:
        return {"$tuple": [tagged(v) for v in value]}
    if kind is torch.device:
        return {"$device": str(value)}
    if kind is torch.dtype:
        return {"$dtype": dtype_name(value)}
    if kind is torch.layout:
        return {"$layout": str(value)}
    if kind is range:
        return {"$range": [value.start, value.stop, value.step]}
    if kind is slice:
        return {"$slice": [tagged(value.start), tagged(value.stop), tagged(value.step)]}
    if kind in (datetime.datetime, datetime.date, datetime.time):
        return {"$" + kind.__name__: value.isoformat()}
    if kind is datetime.timedelta:
        return {"$timedelta": [value.days, value.seconds, value.microseconds]}
    if kind is datetime.timezone:
        return {"$timezone": str(value)}
    if isinstance(value, pathlib.PurePath):
        return {"$path": str(value)}
    if kind in (decimal.Decimal, uuid.UUID, fractions.Fraction):
        return {"$" + kind.__name__.lower(): str(value)}
    if isinstance(value, type) or isinstance(value, (types.FunctionType, types.BuiltinFunctionType)):
        return {"$global": _global_name(value)}
    return None


def _global_name(value):
    return "%s.%s" % (value.__module__, value.__qualname__)


def key_text(key):
    if isinstance(key, bytes):
        return key.decode("latin1")
    return str(key)


class _Walk:
    def __init__(self):
        self.tensors = collections.OrderedDict()
        self.keys = {}
        self.identities = []
        self.primitives = collections.OrderedDict()
        self.containers = collections.OrderedDict()
        self.special = collections.OrderedDict()
        self.forbidden = []
        self.metadata = {}
        self.key_types = {}
        self.any_name = set()
        self.arrays = set()
        self.objects = collections.OrderedDict()
        self.computed = []
        self.cycles = []
        self.collisions = collections.OrderedDict()
        self.through = collections.OrderedDict()
        self.optional = collections.OrderedDict()
        self.open = []
        self.in_stub = 0
        self.loose = 0
        self.dropped = 0
        self.calls = collections.OrderedDict()

    # -- names

    def _name(self, path):
        return ".".join(path) if path else ""

    def _put_tensor(self, path, row, key=None):
        name = self._name(path) if path else "tensor"
        if self.in_stub and key is not None:
            self.through.setdefault(name, (row, key, bool(self.loose)))
            return
        if name in self.tensors:
            self.collisions.setdefault(name, [self.tensors[name]]).append(row)
            return
        self.tensors[name] = row
        if self.loose:
            self.any_name.add(name)
        if key is not None:
            self.identities.append((name, key))

    # -- the walk

    def visit(self, value, path):
        if isinstance(value, torch.Tensor):
            self._tensor(value, path)
        elif torch.is_storage(value) or isinstance(value, _storage_classes()):
            self._storage(value, path)
        elif isinstance(value, torch.nn.Module):
            self._module(value, path)
        elif isinstance(value, np.ndarray):
            self._array(value, path)
        elif isinstance(value, torch.Generator):
            self.special[self._name(path)] = {"kind": "generator", "state": dense_row(value.get_state())}
        else:
            self._container_or_value(value, path)

    def _container_or_value(self, value, path):
        kind = type(value)
        if any(value is ancestor for ancestor in self.open):
            self.cycles.append(self._name(path))
            return
        self.open.append(value)
        try:
            if kind in (
                dict,
                collections.OrderedDict,
                collections.defaultdict,
                collections.Counter,
                types.MappingProxyType,
            ):
                self._mapping(value, path)
            elif kind in (list, tuple, collections.deque):
                self.containers[self._name(path)] = kind.__name__
                for index, item in enumerate(value):
                    self.visit(item, path + (str(index),))
            elif kind in (set, frozenset) and any(isinstance(v, torch.Tensor) for v in value):
                self.containers[self._name(path)] = kind.__name__
                self.loose += 1
                for index, item in enumerate(value):
                    self.visit(item, path + (str(index),))
                self.loose -= 1
            else:
                leaf = tagged(value)
                if leaf is not None or value is None:
                    if not self.dropped:
                        self.primitives[self._name(path)] = leaf
                else:
                    self._record(value, path)
        finally:
            self.open.pop()

    def _mapping(self, value, path):
        name = self._name(path)
        self.containers[name] = type(value).__name__
        if type(value) is collections.OrderedDict and getattr(value, "_metadata", None):
            self.metadata[name] = {k: dict(v) for k, v in value._metadata.items()}
        if not all(type(key) in PLAIN_KEYS for key in value):
            self.containers[name] = "pairs"
            self.loose += 1
            for index, (key, item) in enumerate(value.items()):
                self.visit(key, path + (str(index), "0"))
                self.visit(item, path + (str(index), "1"))
            self.loose -= 1
            return
        for key, item in value.items():
            inner = path + (key_text(key),)
            odd = type(key) not in (str, int)
            if type(key) is not str:
                self.key_types[self._name(inner)] = type(key).__name__
            self.loose += odd
            self.visit(item, inner)
            self.loose -= odd

    def _record(self, value, path):
        """Any other object, as the stub that its own reduction describes."""
        name = self._name(path)
        parts = value.__reduce_ex__(2)
        callable_, args = parts[0], parts[1]
        state, items, entries = (tuple(parts) + (None,) * 5)[2:5]
        if callable_ in (copyreg.__newobj__, getattr(copyreg, "__newobj_ex__", None)):
            shown, args = args[0], args[1:]
            if callable_ is not copyreg.__newobj__:
                args = tuple(args[0]) + tuple((args[1] or {}).values())
        elif callable_ is getattr(copyreg, "_reconstructor", None):
            shown, args = args[0], ()
        else:
            shown = callable_
        only_a_call = shown is callable_ and state is None and not items and not entries
        (self.calls if only_a_call else self.objects)[name] = _global_name(shown)
        if (
            state is None
            and not items
            and not entries
            and len(args) == 1
            and type(args[0]) in (int, float, bool)
        ):
            self.primitives[name] = {"$call": _global_name(shown), "value": tagged(args[0])}
            return
        self.in_stub += 1
        if (
            isinstance(state, tuple)
            and len(state) == 2
            and isinstance(state[1], dict)
            and (state[0] is None or isinstance(state[0], dict))
        ):
            state = dict(state[0] or {}, **state[1])
        if isinstance(state, dict):
            for key, item in state.items():
                self.visit(item, path + (key_text(key),))
        self.loose += 1
        self.dropped += only_a_call
        for index, item in enumerate(args):
            self.visit(item, path + ("args", str(index)))
        self.dropped -= only_a_call
        if state is not None and not isinstance(state, dict):
            self.visit(state, path + ("state",))
        for index, item in enumerate(items or ()):
            self.visit(item, path + ("items", str(index)))
        for key, item in entries or ():
            self.visit(item, path + ("items", key_text(key)))
        self.loose -= 1
        self.in_stub -= 1

    # -- tensors and their relatives

    def _tensor(self, tensor, path):
        if type(tensor).__name__ == "DTensor":
            self._distributed(tensor, path)
            return
        special = _special(tensor)
        if special:
            self.special[self._name(path) if path else "tensor"] = special
            return
        self._put_tensor(path, dense_row(tensor), identity_key(tensor))
        for key, item in getattr(tensor, "__dict__", {}).items():
            if isinstance(item, torch.Tensor):
                self.optional[self._name(path + (key,))] = dense_row(item)

    def _distributed(self, tensor, path):
        """One rank's part and its placement, each under the attribute that holds it."""
        self.objects[self._name(path)] = _global_name(type(tensor))
        self.in_stub += 1
        for key in ("_local_tensor", "_spec"):
            self.visit(getattr(tensor, key), path + (key,))
        self.in_stub -= 1

    def _storage(self, storage, path):
        untyped = storage
        for field in ("_untyped_storage", "_storage"):
            untyped = getattr(untyped, field, untyped)
        dtype = getattr(storage, "dtype", torch.uint8)
        width = torch.empty(0, dtype=dtype).element_size()
        data = bytes(untyped.tolist())
        self.special[self._name(path) if path else "tensor"] = {
            "kind": "storage",
            "dtype": dtype_name(dtype),
            "shape": [len(data) // width],
            "sha256": sha256(data),
        }

    def _array(self, array, path):
        kind = array.dtype.kind
        name = self._name(path) if path else "tensor"
        if kind == "O":
            self.containers[self._name(path)] = "ndarray of objects"
            self.visit(array.tolist(), path)
        elif array.dtype.names:
            self.containers[self._name(path)] = "structured ndarray"
            for field in array.dtype.names:
                self.visit(np.ascontiguousarray(array[field]), path + (field,))
        elif kind in "biufc" and array.dtype.itemsize <= 16:
            self._put_tensor(path, array_row(array))
            self.arrays.add(name)
        else:
            self.special[name] = {
                "kind": "ndarray",
                "dtype": array.dtype.str,
                "shape": list(array.shape),
                "values": [str(v) for v in array.ravel().tolist()] if kind in "SUMm" else None,
            }

    def _module(self, module, path):
        state = module.state_dict(keep_vars=True)
        prefix = path
        self.objects[self._name(path)] = _global_name(type(module))
        for key, item in state.items():
            inner = prefix + (key,)
            if key.endswith("_extra_state"):
                self.computed.append(self._name(inner))
            else:
                self.visit(item, inner)
        named = set(state)
        for part, owner in module.named_modules(remove_duplicate=False):
            for key, item in vars(owner).items():
                self._forbid(prefix, part, key, item, named)
            for key in owner._non_persistent_buffers_set:
                self._forbid(prefix, part, key, owner._buffers.get(key), named)

    def _forbid(self, prefix, part, key, item, named):
        local = part + "." + key if part else key
        if isinstance(item, torch.Tensor) and local not in named:
            self.forbidden.append(self._name(prefix + (local,)))

    # -- the result

    def fields(self):
        optional = self.optional
        known = {key for _, key in self.identities}
        for name, (row, key, loose) in self.through.items():
            if key in known:
                optional[name] = row
                continue
            known.add(key)
            if name in self.tensors:
                self.collisions.setdefault(name, [self.tensors[name]]).append(row)
                continue
            self.tensors[name] = row
            self.identities.append((name, key))
            if loose:
                self.any_name.add(name)
        groups = collections.OrderedDict()
        for name, key in self.identities:
            groups.setdefault(key, []).append(name)
        result = collections.OrderedDict()
        result["tensors"] = self.tensors
        result["tied"] = [names for names in groups.values() if len(names) > 1]
        result["primitives"] = self.primitives
        result["special"] = self.special
        result["forbidden"] = sorted(set(self.forbidden))
        extras = (
            ("containers", self.containers),
            ("key_types", self.key_types),
            ("metadata", self.metadata),
            ("objects", self.objects),
            ("calls", self.calls),
            ("arrays", sorted(self.arrays)),
            ("any_name", sorted(self.any_name)),
            ("optional", optional),
            ("computed", self.computed),
            ("cycles", self.cycles),
            ("collisions", self.collisions),
        )
        for field, value in extras:
            if value:
                result[field] = value
        return result


def _storage_classes():
    classes = [torch.storage._StorageBase if hasattr(torch.storage, "_StorageBase") else ()]
    for field in ("TypedStorage", "UntypedStorage", "_TypedStorage", "_UntypedStorage"):
        if hasattr(torch.storage, field):
            classes.append(getattr(torch.storage, field))
    return tuple(c for c in classes if c)


def _special(tensor):
    """The parts of a tensor that is not one dense block of values, or None."""
    if isinstance(tensor, torch.nn.parameter.UninitializedTensorMixin):
        return {"kind": "uninitialized", "dtype": dtype_name(tensor.dtype)}
    if tensor.is_meta:
        return {"kind": "meta", "dtype": dtype_name(tensor.dtype), "shape": list(tensor.shape)}
    if hasattr(type(tensor), "__tensor_flatten__") and not getattr(tensor, "is_nested", False):
        inner, _ = tensor.__tensor_flatten__()
        return {
            "kind": "wrapper",
            "dtype": dtype_name(tensor.dtype),
            "shape": list(tensor.shape),
            "parts": {name: dense_row(getattr(tensor, name)) for name in inner},
        }
    if getattr(tensor, "is_nested", False):
        return _nested(tensor)
    if tensor.layout != torch.strided:
        return _sparse(tensor)
    if tensor.is_quantized:
        return _quantized(tensor)
    return None


def _nested(tensor):
    if tensor.layout == torch.jagged:
        parts = {"values": dense_row(tensor.values()), "offsets": dense_row(tensor.offsets())}
        if tensor.lengths() is not None:
            parts["lengths"] = dense_row(tensor.lengths())
        return {"kind": "jagged", "parts": parts, "rows": [dense_row(t) for t in tensor.unbind()]}
    return {"kind": "nested", "rows": [dense_row(t) for t in tensor.unbind()]}


SPARSE_PARTS = {
    "torch.sparse_coo": ("_indices", "_values"),
    "torch.sparse_csr": ("crow_indices", "col_indices", "values"),
    "torch.sparse_bsr": ("crow_indices", "col_indices", "values"),
    "torch.sparse_csc": ("ccol_indices", "row_indices", "values"),
    "torch.sparse_bsc": ("ccol_indices", "row_indices", "values"),
}


def _sparse(tensor):
    tensor = tensor.detach()
    parts = {
        part.lstrip("_"): dense_row(getattr(tensor, part)()) for part in SPARSE_PARTS[str(tensor.layout)]
    }
    row = {
        "kind": "sparse",
        "layout": str(tensor.layout),
        "dtype": dtype_name(tensor.dtype),
        "shape": list(tensor.shape),
        "parts": parts,
    }
    if tensor.layout == torch.sparse_coo and not torch.__version__.startswith("1."):
        row["coalesced"] = tensor.is_coalesced()
    return row


def _quantized(tensor):
    tensor = tensor.detach()
    row = {
        "kind": "quantized",
        "dtype": dtype_name(tensor.dtype),
        "shape": list(tensor.shape),
        "scheme": str(tensor.qscheme()),
        "integers": _integers(tensor),
    }
    if tensor.qscheme() in (torch.per_tensor_affine, torch.per_tensor_symmetric):
        row.update(scale=tensor.q_scale(), zero_point=tensor.q_zero_point())
    else:
        row.update(
            scales=dense_row(tensor.q_per_channel_scales()),
            zero_points=dense_row(tensor.q_per_channel_zero_points()),
            axis=tensor.q_per_channel_axis(),
        )
    row["dequantized"] = dense_row(tensor.dequantize()) if tensor.dtype != torch.quint2x4 else None
    return row


def _integers(tensor):
    """The stored integers; packed kinds count bytes, the first value in the lowest bits."""
    if tensor.dtype in (torch.quint4x2, torch.quint2x4):
        packed = math.ceil(tensor.numel() / (2 if tensor.dtype == torch.quint4x2 else 4))
        data = bytes(untyped(tensor).tolist())[:packed]
        return {"dtype": "uint8", "shape": [packed], "sha256": sha256(data), "packed": True}
    return dense_row(tensor.int_repr())
