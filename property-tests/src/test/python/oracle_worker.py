#!/usr/bin/env python3
"""Loads checkpoints with real PyTorch and real safetensors, and tells what is in them.

One JSON request a line on stdin, one JSON answer a line on stdout:

    {"path": "/x/out.pt", "format": "pt"}
    {"path": "/x/out.pt", "format": "pt", "mmap": false}      loaded plainly only
    {"path": "/x/out.safetensors", "format": "safetensors"}
    {"ping": true}

The answer about a file that loads:

    {"ok": true,
     "tensors": {"a.b": {"dtype": "float32", "shape": [2, 3], "sha256": "..."}},
     "sharing": [["a.b", "c"]],             names whose tensors lie in one storage, each group and all groups sorted
     "primitives": {"epoch": 3, "lr": {"$float": "inf"}},
     "containers": {"": "collections.OrderedDict", "a": "dict"},
     "bare": {"s": {"dtype": "float32", ...}},   pt only: storages outside tensors, as tensors of one dimension
     "metadata": {"format": "pt"}}          safetensors only

and about one that does not: {"ok": false, "error": "UnpicklingError: ..."}

sha256 is of the elements as C-contiguous little-endian bytes. A path is the keys, indices and attributes from the root,
joined with "."; a root that is itself a tensor or a primitive is "". A pt file is loaded twice, plainly and with
mmap=True; if the two differ, that is the error. Nothing is ever unpickled without weights_only=True.
"""

import base64
import hashlib
import json
import os
import sys

import safetensors
import torch

MAX_ERROR = 2000


def fingerprint(tensor):
    """The dtype, shape and digest of a tensor's elements; parts of those that have no plain bytes."""
    if tensor.layout != torch.strided:
        return {"layout": str(tensor.layout), "shape": list(tensor.shape)}
    if tensor.is_quantized:
        return dict(fingerprint(tensor.int_repr()), quantized=str(tensor.dtype).replace("torch.", ""))
    if tensor.is_nested:
        return {"nested": [fingerprint(part) for part in tensor.unbind()]}
    if tensor.device.type == "meta":
        return {"meta": True, "shape": list(tensor.shape)}
    plain = tensor.detach().resolve_conj().resolve_neg().contiguous()
    return {
        "dtype": str(tensor.dtype).replace("torch.", ""),
        "shape": list(tensor.shape),
        "sha256": hashlib.sha256(element_bytes(plain)).hexdigest(),
    }


def element_bytes(tensor):
    """The elements of a contiguous tensor. Through its storage: it works for dtypes that numpy and view() lack."""
    if tensor.numel() == 0:
        return b""
    size = tensor.element_size()
    start = tensor.storage_offset() * size
    raw = torch.empty(0, dtype=torch.uint8).set_(tensor.untyped_storage())
    return raw[start : start + tensor.numel() * size].numpy().tobytes()


def primitive(value):
    """A value as JSON, tagged where JSON lacks it."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return {"$float": "nan" if value != value else "inf" if value > 0 else "-inf"}
        return value
    if isinstance(value, complex):
        return {"$complex": [primitive(value.real), primitive(value.imag)]}
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes_b64": base64.b64encode(bytes(value)).decode("ascii")}
    if isinstance(value, (set, frozenset)):
        return {"$set": sorted((primitive(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))}
    if isinstance(value, (torch.dtype, torch.device)):
        return {"$" + type(value).__name__: str(value)}
    return {"$object": type_name(value), "repr": repr(value)[:200]}


def versions(metadata):
    """The _metadata of a state dict: {module path: {"version": 1}}."""
    return {
        str(module): {str(key): primitive(item) for key, item in facts.items()} if isinstance(facts, dict) else repr(facts)
        for module, facts in metadata.items()
    }


def type_name(value):
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else kind.__module__ + "." + kind.__qualname__


def walk(root):
    """Every (path, value) below root, containers before what they hold. No recursion, and each container once."""
    waiting, seen = [("", root)], {}
    while waiting:
        path, value = waiting.pop()
        yield path, value
        if isinstance(value, dict):
            children = list(value.items())
        elif isinstance(value, (list, tuple)):
            children = list(enumerate(value))
        else:
            continue
        if id(value) in seen:
            continue
        seen[id(value)] = value
        for key, child in reversed(children):
            key = key.decode("latin-1") if isinstance(key, bytes) else str(key)
            waiting.append((path + "." + key if path else key, child))


def flat(storage):
    """A storage that stands by itself, as a tensor of one dimension."""
    if isinstance(storage, torch.UntypedStorage):
        return torch.empty(0, dtype=torch.uint8).set_(storage)
    return torch.empty(0, dtype=storage.dtype).set_(storage._untyped_storage)


def describe(root):
    tensors, primitives, containers, storages, bare = {}, {}, {}, {}, {}
    for path, value in walk(root):
        if isinstance(value, torch.Tensor):
            if path in tensors:
                raise ValueError("two tensors are named " + repr(path))
            tensors[path] = fingerprint(value)
            if value.layout == torch.strided and not value.is_nested and value.device.type != "meta":
                pointer = value.untyped_storage().data_ptr()
                if pointer and value.untyped_storage().nbytes():
                    storages.setdefault(pointer, []).append(path)
        elif isinstance(value, (dict, list, tuple)):
            containers[path] = type_name(value)
            metadata = getattr(value, "_metadata", None)
            if metadata is not None:
                primitives[path + "._metadata" if path else "_metadata"] = {"$metadata": versions(metadata)}
        else:
            if isinstance(value, (torch.UntypedStorage, torch.TypedStorage)):
                bare[path] = fingerprint(flat(value))
            primitives[path] = primitive(value)
    sharing = sorted(sorted(names) for names in storages.values() if len(names) > 1)
    return {"tensors": tensors, "sharing": sharing, "primitives": primitives, "containers": containers, "bare": bare}


def load_pt(path, mmap=True):
    plain = describe(torch.load(path, map_location="cpu", weights_only=True))
    if not mmap:
        return plain
    try:
        mapped = describe(torch.load(path, map_location="cpu", weights_only=True, mmap=True))
    except RuntimeError as error:
        if "mmap can only be used with files saved with" not in str(error):
            raise
        return dict(plain, mmap=False)
    if mapped["tensors"] != plain["tensors"]:
        raise ValueError("mmap=True gives other tensors than the plain load")
    if mapped["sharing"] != plain["sharing"]:
        raise ValueError("mmap=True shares storages otherwise than the plain load")
    return dict(plain, mmap=True)


def load_safetensors(path):
    with safetensors.safe_open(path, framework="pt", device="cpu") as file:
        tensors = {name: fingerprint(file.get_tensor(name)) for name in file.keys()}
        metadata = file.metadata()
    return {"tensors": tensors, "sharing": [], "primitives": {}, "containers": {}, "metadata": metadata or {}}


def answer(request):
    if request.get("ping"):
        return {"ok": True, "torch": torch.__version__, "safetensors": safetensors.__version__}
    load = {"pt": load_pt, "safetensors": load_safetensors}[request["format"]]
    try:
        options = {"mmap": request["mmap"]} if "mmap" in request else {}
        return dict(load(request["path"], **options), ok=True)
    except Exception as error:  # whatever the loader raises is the answer
        return {"ok": False, "error": (type(error).__name__ + ": " + str(error))[:MAX_ERROR]}


def main():
    torch.set_num_threads(1)
    # What the libraries print must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        answers.write(json.dumps(answer(json.loads(line)), ensure_ascii=True) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
