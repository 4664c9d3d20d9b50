"""What real zips look like beside the plain case: rewritten, renamed, big-endian, of an age."""

import io
import os
import shutil
import struct
import tempfile
import zipfile

import numpy as np
import torch

import assemble as asm
from specimen import specimen


def state():
    base = torch.arange(12, dtype=torch.float32).reshape(3, 4)
    return {
        "w": base,
        "t": base.t(),
        "h": torch.arange(5).half(),
        "i": torch.arange(3),
        "b": torch.tensor([True, False]),
    }


def saved(value):
    stream = io.BytesIO()
    torch.save(value, stream)
    stream.seek(0)
    return stream


def members(value):
    with zipfile.ZipFile(saved(value)) as source:
        return [(name, source.read(name)) for name in source.namelist()]


def put(path, data):
    with open(path, "wb") as stream:
        stream.write(data)


def write_deflated(value, path):
    """Unpacked and packed again with a common tool."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members(value):
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    put(path, stream.getvalue())


@specimen("deflated", old=True, write=write_deflated)
def deflated():
    return state()


def write_buffer(value, path):
    put(path, saved(value).getvalue())


@specimen("saved_to_buffer", old=True, write=write_buffer)
def saved_to_buffer():
    """The root folder is `archive`."""
    return state()


def write_under_odd_name(value, path):
    """Saved as `my model.v1 (copy).pt`, renamed later."""
    with tempfile.TemporaryDirectory() as folder:
        odd = os.path.join(folder, "my model.v1 (copy).pt")
        torch.save(value, odd)
        shutil.move(odd, path)


@specimen("odd_root", old=True, write=write_under_odd_name)
def odd_root():
    """The root folder is the first file's name without its last extension."""
    return state()


def write_foreign_root(value, path):
    put(
        path,
        asm.zipped(
            [
                asm.Entry(name.replace("archive", "mod\u00e8le", 1), content, flags=0x800)
                for name, content in members(value)
            ]
        ),
    )


@specimen("foreign_root", write=write_foreign_root)
def foreign_root():
    return state()


def write_without_root_text(value, path):
    put(path, asm.zipped([asm.Entry(name[len("archive") :], content) for name, content in members(value)]))


@specimen("empty_root", write=write_without_root_text)
def empty_root():
    return state()


def write_without_byteorder(value, path):
    kept = [(n, c) for n, c in members(value) if n.split("/")[-1] in ("data.pkl", "version") or "/data/" in n]
    put(path, asm.zipped([asm.Entry(name, content) for name, content in kept]))


@specimen("no_byteorder", write=write_without_byteorder)
def no_byteorder():
    return state()


def write_shuffled(value, path):
    """Storages first, the pickle last; data.pkl is found by name."""
    put(path, asm.zipped([asm.Entry(name, content) for name, content in reversed(members(value))]))


@specimen("other_order", write=write_shuffled)
def other_order():
    return state()


def write_folders(value, path):
    entries = [asm.Entry("archive/"), asm.Entry("archive/data/")]
    put(path, asm.zipped(entries + [asm.Entry(name, content) for name, content in members(value)]))


@specimen("folder_entries", write=write_folders)
def folder_entries():
    return state()


UNITS = {
    "float32": 4,
    "float16": 2,
    "int64": 8,
    "bool": 1,
    "complex64": 4,
    "bfloat16": 2,
    "complex128": 8,
    "float64": 8,
    "int32": 4,
    "int16": 2,
}


def write_big_endian(value, path):
    """As a big-endian machine writes it: every storage swapped, complex numbers by halves."""
    seen = []
    for item in value.values():
        key = item.untyped_storage().data_ptr()
        if key not in [k for k, _ in seen]:
            seen.append((key, UNITS[str(item.dtype).replace("torch.", "")]))
    entries = []
    for name, content in members(value):
        last = name.split("/")[-1]
        if "/data/" in name:
            width = seen[int(last)][1]
            content = np.frombuffer(content, dtype="u%d" % width).byteswap().tobytes()
        if last == "byteorder":
            content = b"big"
        entries.append(asm.Entry(name, content))
    put(path, asm.zipped(entries))


@specimen("big_endian", write=write_big_endian)
def big_endian():
    return dict(
        state(),
        c=torch.randn(3, dtype=torch.complex64),
        z=torch.randn(2, dtype=torch.complex128),
        d=torch.randn(2).double(),
        s=torch.arange(3).short(),
        bf=torch.randn(3).bfloat16(),
    )


def write_unsigned_big_endian(value, path):
    """torch 2.13 itself reads the untyped kinds of such a file unswapped."""
    entries = []
    for name, content in members(value):
        if "/data/" in name:
            content = np.frombuffer(content, dtype="<u%d" % (2, 4, 8)[int(name[-1])]).byteswap().tobytes()
        entries.append(asm.Entry(name, b"big" if name.endswith("byteorder") else content))
    put(path, asm.zipped(entries))


@specimen("big_endian_untyped", write=write_unsigned_big_endian, extra={"torch_misreads": True})
def big_endian_untyped():
    return {
        "u2": torch.tensor([1, 2, 513]).to(torch.uint16),
        "u4": torch.tensor([7, 2**31]).to(torch.uint32),
        "u8": torch.tensor([2**62 + 5]).to(torch.uint64),
    }


def write_without_crc(value, path):
    before = torch.serialization.get_crc32_options()
    torch.serialization.set_crc32_options(False)
    try:
        torch.save(value, path)
    finally:
        torch.serialization.set_crc32_options(before)


@specimen("crc_not_computed", write=write_without_crc)
def crc_not_computed():
    return state()


def write_aligned(value, path):
    from torch.utils.serialization import config

    before = config.save.storage_alignment
    config.save.storage_alignment = 4096
    try:
        torch.save(value, path)
    finally:
        config.save.storage_alignment = before


@specimen("aligned_4096", write=write_aligned)
def aligned_4096():
    return {"w": torch.ones(2), "v": torch.zeros(3)}


def write_zip64(value, path):
    """Sizes and offsets in zip64 fields although they are small, as streaming writers put them."""
    out, central = bytearray(), bytearray()
    entries = members(value)
    for name, content in entries:
        at = len(out)
        sizes = struct.pack("<HHQQ", 1, 16, len(content), len(content))
        full = struct.pack("<HHQQQ", 1, 24, len(content), len(content), at)
        huge = dict(packed_size=0xFFFFFFFF, size=0xFFFFFFFF)
        entry = asm.Entry(
            name,
            content,
            local_extra=sizes,
            central_extra=full,
            local_size=huge["size"],
            local_packed_size=huge["size"],
            central_size=huge["size"],
            central_packed_size=huge["size"],
        )
        out += asm.local_header(entry) + content
        central += asm.central_header(entry, 0xFFFFFFFF)
    start = len(out)
    out += central
    record = len(out)
    out += struct.pack(
        "<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, len(entries), len(entries), len(central), start
    )
    out += struct.pack("<IIQI", 0x07064B50, 0, record, 1)
    out += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    put(path, bytes(out))


@specimen("zip64_forced", write=write_zip64)
def zip64_forced():
    return state()


def write_with_comment(value, path):
    put(
        path,
        asm.zipped([asm.Entry(n, c) for n, c in members(value)], comment=b"trained on a quiet afternoon"),
    )


@specimen("archive_comment", write=write_with_comment)
def archive_comment():
    return state()


def write_keys_as_text(value, path):
    store = asm.storage("embed_not used", 3)
    tree = {"w": asm.tensor(store, 0, (3,), (1,)), "v": asm.tensor(asm.storage(7, 2), 1, (1,), (1,))}
    put(
        path,
        asm.checkpoint(
            tree, {"embed_not used": value["w"].numpy().tobytes(), "7": asm.floats(9.0, float(value["v"]))}
        ),
    )


@specimen("odd_storage_keys", write=write_keys_as_text, extra={"made_by": "assembled"})
def odd_storage_keys():
    """Keys that are names, and one that is an integer: torch only appends them to data/."""
    return {"w": torch.tensor([1.0, 2.0, 3.0]), "v": torch.tensor([4.0])}


@specimen("string_ordered", modern=False, old=True)
def string_ordered():
    """torch 1.13 writes data/1, data/10, data/11, data/2."""
    return [torch.full((i + 1,), i, dtype=torch.int32) for i in range(13)]
