"""The other single files that checkpoints come in: tar, TorchScript, numpy, compressed, archives of several.

joblib is not needed: its layout is assembled from what `joblib/numpy_pickle.py` writes.
"""

import bz2
import gzip
import io
import lzma
import pickle
import struct
import tarfile
import zipfile
import zlib

import numpy as np
import torch

import assemble as asm
from specimen import specimen

ASSEMBLED = {"made_by": "assembled"}
SIZES = {"float32": 4, "float64": 8, "int64": 8, "uint8": 1}
CLASSES = {"float32": "Float", "float64": "Double", "int64": "Long", "uint8": "Byte"}


def write(path, data):
    with open(path, "wb") as stream:
        stream.write(data)


def saved(value, **more):
    stream = io.BytesIO()
    torch.save(value, stream, **more)
    return stream.getvalue()


# -- the tar of torch 0.1


def tar_of(members, form=tarfile.USTAR_FORMAT, **details):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in details.items():
                setattr(info, key, value)
            tar.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def tar_members(tree, storages, tensors, views=()):
    """storages: key -> (dtype, array); tensors: key -> (storage key, dtype, offset, sizes, strides)."""
    stored = asm.pickle(len(storages))
    for key, (dtype, array) in storages.items():
        entry = (key, "cpu", asm.Global("torch", CLASSES[dtype] + "Storage"))
        stored += asm.pickle(entry) + struct.pack("<q", array.size) + array.tobytes()
    stored += asm.pickle(list(views))
    described = asm.pickle(len(tensors))
    for key, (storage, dtype, offset, sizes, strides) in tensors.items():
        described += asm.pickle((key, storage, asm.Global("torch", CLASSES[dtype] + "Tensor")))
        described += struct.pack("<ii", len(sizes), 0)
        described += struct.pack("<%dq" % (2 * len(sizes) + 1), *sizes, *strides, offset)
    info = asm.pickle(dict(asm.SYS_INFO, protocol_version=1000))
    return {"sys_info": info, "pickle": asm.pickle(tree), "tensors": described, "storages": stored}


def python2_dict(pairs):
    return asm.Call(asm.OrderedDict, ([[key, value] for key, value in pairs],))


def write_tar(value, path):
    base = value["w"].numpy()
    members = tar_members(
        python2_dict(
            [
                ("w", asm.Pid("11")),
                ("t", asm.Pid("12")),
                ("again", asm.Pid("11")),
                ("part", asm.Pid("13")),
                ("count", asm.Pid("14")),
                ("storage", asm.Pid("3")),
            ]
        ),
        {1: ("float32", base.reshape(-1)), 2: ("int64", np.array([5], dtype=np.int64))},
        {
            11: (1, "float32", 0, (2, 3), (3, 1)),
            12: (1, "float32", 0, (3, 2), (1, 3)),
            13: (3, "float32", 1, (2,), (1,)),
            14: (2, "int64", 0, (1,), (1,)),
        },
        [(3, 1, 2, 4)],
    )
    write(path, tar_of(members))


@specimen("tar_views", ext="pth.tar", write=write_tar, extra=ASSEMBLED)
def tar_views():
    """Tied and transposed tensors, a storage view, a bare storage."""
    w = torch.arange(6, dtype=torch.float32).view(2, 3)
    return {
        "w": w,
        "t": w.t(),
        "again": w,
        "part": w.view(-1)[3:5],
        "count": torch.tensor([5]),
        "storage": w.view(-1)[2:6],
    }


def write_tar_pax(value, path):
    data = value["w"].numpy()
    members = tar_members(
        {"w": asm.Pid("7"), "epoch": 3}, {1: ("float64", data)}, {7: (1, "float64", 0, (3,), (1,))}
    )
    write(path, tar_of(members, tarfile.PAX_FORMAT, mtime=1480000000.25))


@specimen("tar_pax_times", ext="pth.tar", write=write_tar_pax, extra=ASSEMBLED)
def tar_pax_times():
    """Python writes a pax header for each member whose time has a fraction."""
    return {"w": torch.tensor([1.0, -2.0, 3.5], dtype=torch.float64), "epoch": 3}


def write_tar_module(value, path):
    data = value["weight"].numpy()
    linear = asm.Pid((asm.Global("torch.nn.modules.linear", "Linear"), "linear.py", "class Linear(Module): pass"))
    parameter = asm.Build(
        asm.NewObj(asm.Global("torch.nn.parameter", "Parameter"), (asm.Pid("5"),)), (True, False, NO_HOOKS)
    )
    state = {
        "_parameters": python2_dict([("weight", parameter), ("bias", None)]),
        "_buffers": python2_dict([]),
        "_modules": python2_dict([]),
        "training": True,
    }
    tree = asm.Build(asm.NewObj(linear, ()), state)
    members = tar_members(tree, {4: ("float32", data)}, {5: (4, "float32", 0, data.shape, (3, 1))})
    write(path, tar_of(members))


NO_HOOKS = asm.Call(asm.OrderedDict, ([],))


@specimen("tar_module", ext="pth.tar", write=write_tar_module, extra=ASSEMBLED)
def tar_module():
    """A whole module: its class comes with the source text as a persistent id."""
    return {"weight": torch.arange(6, dtype=torch.float32).view(2, 3)}


# -- TorchScript


class Scripted(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(3, 2)
        self.norm = torch.nn.BatchNorm1d(2)
        self.scale = torch.nn.Parameter(torch.full((2,), 0.5))

    def forward(self, x):
        return self.norm(self.first(x)) * self.scale


def write_script(value, path):
    module = Scripted()
    module.load_state_dict(value)
    torch.jit.script(module.eval()).save(path)


@specimen("script", old=True, write=write_script)
def script():
    return Scripted().state_dict()


def write_traced(value, path):
    module = Scripted()
    module.load_state_dict(value)
    torch.jit.trace(module.eval(), torch.ones(1, 3)).save(path)


@specimen("traced", write=write_traced)
def traced():
    return Scripted().state_dict()


class Held(torch.nn.Module):
    def __init__(self, value):
        super().__init__()
        self.value = torch.nn.Parameter(value)

    def forward(self, x):
        return x + self.value


def write_frozen(value, path):
    torch.jit.freeze(torch.jit.script(Held(value["constants"][0]).eval())).save(path)


@specimen("frozen", write=write_frozen)
def frozen():
    """All that is left is a constant."""
    return {"constants": (torch.arange(4.0) + 0.25,)}


# -- numpy and joblib


def arrays():
    return {
        "c": np.arange(6, dtype=np.float32).reshape(2, 3),
        "fortran": np.asfortranarray(np.arange(6, dtype=np.float64).reshape(2, 3)),
        "big": np.arange(4, dtype=">i4"),
        "scalar": np.array(1.5),
        "empty": np.zeros((0, 2), dtype=np.float32),
        "bool": np.array([True, False]),
    }


def write_npz(value, path):
    with open(path, "wb") as stream:
        np.savez(stream, **value)


def write_npz_packed(value, path):
    with open(path, "wb") as stream:
        np.savez_compressed(stream, **value)


@specimen("stored", ext="npz", write=write_npz, old=True)
def stored():
    return arrays()


@specimen("deflated", ext="npz", write=write_npz_packed)
def deflated():
    return arrays()


def write_npy(value, path):
    with open(path, "wb") as stream:
        np.save(stream, value["tensor"])


@specimen("fortran", ext="npy", write=write_npy, truth=lambda value: value["tensor"])
def fortran():
    return {"tensor": np.asfortranarray(np.arange(12, dtype=">f4").reshape(3, 4))}


class NumpyArrayWrapper:
    pass


NumpyArrayWrapper.__module__ = "joblib.numpy_pickle"


class JoblibPickler(pickle._Pickler):
    """Writes arrays as joblib does: a wrapper object, then padding and the bytes."""

    aligned = True

    def save(self, value, save_persistent_id=True):
        if type(value) is not np.ndarray:
            return super().save(value, save_persistent_id)
        head = "joblib.numpy_pickle NumpyArrayWrapper".split()
        self.write(b"c" + head[0].encode() + b"\n" + head[1].encode() + b"\n)\x81")
        fortran = value.flags.f_contiguous and not value.flags.c_contiguous
        state = {
            "subclass": np.ndarray,
            "shape": value.shape,
            "order": "F" if fortran else "C",
            "dtype": value.dtype,
            "allow_mmap": True,
        }
        if self.aligned:
            state["numpy_array_alignment_bytes"] = 16
        super().save(state)
        self.write(b"b")
        if value.dtype.hasobject:
            self.stream.write(pickle.dumps(value, protocol=2))
            return None
        if self.aligned:
            padding = 15 - self.stream.tell() % 16
            self.stream.write(bytes([padding]) + b"\xff" * padding)
        self.stream.write(value.tobytes("F" if fortran else "C"))
        return None


def joblib(value, aligned=True):
    stream = io.BytesIO()
    pickler = JoblibPickler(stream, protocol=3)
    pickler.stream = stream
    pickler.aligned = aligned
    pickler.dump(value)
    return stream.getvalue()


def write_joblib(value, path):
    write(path, joblib(value))


def write_joblib_old(value, path):
    write(path, zlib.compress(joblib(value, aligned=False), 3))


@specimen("aligned", ext="joblib", write=write_joblib, extra=ASSEMBLED)
def aligned():
    return dict(arrays(), name="net", list=[np.arange(3), 4])


@specimen("zlib", ext="joblib", write=write_joblib_old, extra=ASSEMBLED)
def zlib_joblib():
    return dict(arrays(), name="net")


# -- compressed


def state():
    return {"w": torch.arange(6, dtype=torch.float32).view(2, 3), "epoch": 3}


def write_compressed(pack):
    return lambda value, path: write(path, pack(saved(value)))


def halves(pack):
    """Two compressed streams, one after another."""

    def packed(data):
        return pack(data[: len(data) // 2]) + pack(data[len(data) // 2 :])

    return packed


def lz4_stored(data):
    """A frame of independent blocks that are not packed."""
    head = b"\x60\x40"
    out = b"\x04\x22\x4d\x18" + head + bytes([(xxh32(head) >> 8) & 255])
    for at in range(0, len(data), 65536):
        block = data[at : at + 65536]
        out += struct.pack("<I", len(block) | 0x80000000) + block
    return out + struct.pack("<I", 0)


def xxh32(data):
    """xxHash32 of less than 16 bytes, seed 0."""
    prime = (2654435761, 2246822519, 3266489917, 668265263, 374761393)
    acc = (prime[4] + len(data)) & 0xFFFFFFFF
    while len(data) >= 4:
        acc = (acc + struct.unpack("<I", data[:4])[0] * prime[2]) & 0xFFFFFFFF
        acc = ((acc << 17 | acc >> 15) * prime[3]) & 0xFFFFFFFF
        data = data[4:]
    for byte in data:
        acc = (acc + byte * prime[4]) & 0xFFFFFFFF
        acc = ((acc << 11 | acc >> 21) * prime[0]) & 0xFFFFFFFF
    acc = ((acc ^ acc >> 15) * prime[1]) & 0xFFFFFFFF
    acc = ((acc ^ acc >> 13) * prime[2]) & 0xFFFFFFFF
    return acc ^ acc >> 16


GZIP = lambda data: gzip.compress(data, mtime=0)  # noqa: E731

for _name, _ext, _pack in (
    ("gzip", "pt.gz", GZIP),
    ("gzip_two_members", "pt.gz", halves(GZIP)),
    ("bzip2_two_streams", "pt.bz2", halves(bz2.compress)),
    ("xz_two_streams", "pt.xz", halves(lzma.compress)),
    ("lzma_alone", "pt.lzma", lambda data: lzma.compress(data, lzma.FORMAT_ALONE)),
    ("lz4_two_frames", "pt.lz4", halves(lz4_stored)),
    ("gzip_in_xz", "pt.gz.xz", lambda data: lzma.compress(GZIP(data))),
):
    specimen(_name, ext=_ext, write=write_compressed(_pack))(state)


# -- archives of checkpoints


def write_tar_gz(value, path):
    members = {
        "config.json": b'{"model": 1}',
        "weights.th": saved(value["weights.th"]),
        "vocabulary/tokens.txt": b"a\nb\n",
        "best.th": saved(value["best.th"], _use_new_zipfile_serialization=False),
    }
    write(path, GZIP(tar_of(members, tarfile.PAX_FORMAT, mtime=1480000000.25)))


@specimen("model", ext="tar.gz", write=write_tar_gz)
def model():
    return {"weights.th": {"a": torch.ones(2)}, "best.th": {"a": torch.zeros(3), "epoch": 2}}


def write_zip(value, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [("data", b'{"policy": "gAWV"}')] + [(k, saved(v)) for k, v in value.items()]:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)


@specimen("agent", ext="zip", write=write_zip)
def agent():
    return {"policy.pth": {"w": torch.ones(2, 2)}, "policy.optimizer.pth": {"state": {0: {"avg": torch.zeros(2)}}}}


def write_unpacked(value, path):
    with zipfile.ZipFile(io.BytesIO(saved(value))) as inner, zipfile.ZipFile(path, "w") as outer:
        outer.writestr(zipfile.ZipInfo("folder/", (1980, 1, 1, 0, 0, 0)), b"")
        for entry in inner.infolist():
            info = zipfile.ZipInfo("folder/" + entry.filename, (1980, 1, 1, 0, 0, 0))
            outer.writestr(info, inner.read(entry), zipfile.ZIP_DEFLATED)


@specimen("unpacked_and_zipped_again", ext="zip", write=write_unpacked)
def unpacked_and_zipped_again():
    return state()


def write_pickles(value, path):
    write(path, b"".join(pickle.dumps(value[key], protocol=2) for key in sorted(value)))


@specimen("several_pickles", ext="pkl", write=write_pickles)
def several_pickles():
    return {"0": {"epoch": 1}, "1": {"w": np.arange(3.0)}, "2": np.ones(2)}


def lz4_linked(data):
    """A frame whose blocks refer to bytes of the blocks before them, as the reference program writes by default."""
    head = b"\x40\x40"
    out = b"\x04\x22\x4d\x18" + head + bytes([(xxh32(head) >> 8) & 255])
    for at in range(0, len(data), 256):
        block = lz4_block(data, at, min(at + 256, len(data)))
        out += struct.pack("<I", len(block)) + block
    return out + struct.pack("<I", 0)


def lz4_block(data, start, end):
    """Greedy: the first match of at least four bytes anywhere before; the last twelve bytes are literals."""
    out = b""
    literals = at = start
    while at < end - 12:
        found = data.rfind(data[at : at + 4], max(0, at - 65535), at + 3)
        if found < 0 or found >= at:
            at += 1
            continue
        length = 4
        while at + length < end - 5 and data[found + length] == data[at + length]:
            length += 1
        out += lz4_sequence(data[literals:at], length - 4) + struct.pack("<H", at - found) + lz4_rest(length - 4)
        literals = at = at + length
    return out + lz4_sequence(data[literals:end], 0)


def lz4_sequence(literals, match):
    token = min(15, len(literals)) << 4 | min(15, match)
    return bytes([token]) + lz4_rest(len(literals)) + literals


def lz4_rest(length):
    """What does not fit into the token: bytes of 255, then the remainder."""
    if length < 15:
        return b""
    return b"\xff" * ((length - 15) // 255) + bytes([(length - 15) % 255])


specimen("lz4_linked_blocks", ext="pt.lz4", write=write_compressed(lz4_linked))(state)


def write_archive_of_archives(value, path):
    """A tar with a zip of checkpoints and a compressed tar in it, as agents and their logs are published."""
    agent = io.BytesIO()
    with zipfile.ZipFile(agent, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("data", (1980, 1, 1, 0, 0, 0)), b'{"policy": "gAWV"}')
        for name, content in value["best/agent.zip"].items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), saved(content))
    inner = tar_of({name: saved(content) for name, content in value["older.tar.gz"].items()})
    members = {"best/agent.zip": agent.getvalue(), "older.tar.gz": GZIP(inner), "log.txt.gz": GZIP(b"step 1\n")}
    write(path, tar_of(members))


@specimen("archive_of_archives", ext="tar", write=write_archive_of_archives)
def archive_of_archives():
    return {
        "best/agent.zip": {"policy.pth": {"w": torch.ones(2)}, "variables.pth": {"v": torch.zeros(3)}},
        "older.tar.gz": {"weights.th": {"a": torch.arange(3)}},
    }


def write_rows(value, path):
    write(path, b"".join(pickle.dumps(value[key], protocol=0) for key in sorted(value)))


@specimen("several_pickles_protocol0", ext="pkl", write=write_rows)
def several_pickles_protocol0():
    return {str(i): {"w": np.arange(3.0) + i, "step": i} for i in range(3)}


def write_array_fields(value, path):
    kinds = [("a", "<f4", (2, 3)), ("n", [("x", ">f8"), ("y", "<i2", 2)]), ("b", "<i8")]
    records = np.zeros(3, dtype=kinds)
    records["a"], records["b"] = value["a"], value["b"]
    records["n"]["x"], records["n"]["y"] = value["n"]["x"], value["n"]["y"]
    with open(path, "wb") as stream:
        np.save(stream, records)


@specimen("array_fields", ext="npy", write=write_array_fields)
def array_fields():
    """Records in which a field is an array, also inside a record of its own."""
    return {
        "a": np.arange(18, dtype=np.float32).reshape(3, 2, 3),
        "n": {"x": np.array([0.5, 1.5, 2.5]), "y": np.arange(6, dtype=np.int16).reshape(3, 2)},
        "b": np.array([1, 2, 3]),
    }
