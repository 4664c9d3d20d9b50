"""Zips in which two readers see two files, and other containers under a checkpoint's name."""

import bz2
import gzip
import struct
import zlib

import assemble as asm
from hostile import COMMAND, RUN, WEIGHTS, archive, either, neutralise, reject, w

E = asm.Entry
GOOD = asm.pickle({"w": w()})
EVIL = asm.pickle({"w": w(), "x": RUN})


def members(*more, **first):
    """The four members of a checkpoint, the first with its lies, and more."""
    return [
        E("archive/data.pkl", GOOD, **first),
        E("archive/byteorder", b"little"),
        E("archive/data/0", WEIGHTS),
        E("archive/version", b"3\n"),
    ] + list(more)


def with_storage(entry):
    return asm.zipped(members()[:2] + [entry] + members()[3:])


def build():
    ambiguous()
    lies()
    parts()
    bombs()
    around()
    strangers()


def ambiguous():
    kind = "zip_duplicate_names"
    reject(
        kind,
        "pickle",
        asm.zipped(members(E("archive/data.pkl", EVIL))),
        "Two members with one name: loader and scanner differ.",
    )
    reject(
        kind,
        "storage",
        asm.zipped(members(E("archive/data/0", WEIGHTS[::-1]))),
        "Two storages with one name.",
    )
    reject(
        "zip_case_names",
        "both",
        asm.zipped(members(E("archive/DATA.PKL", EVIL))),
        "torch compares names without case.",
    )
    upper = [E("archive/DATA.PKL", GOOD)] + members()[1:]
    either("zip_case_names", "upper_only", asm.zipped(upper), "torch takes DATA.PKL for data.pkl.")
    reject(
        "zip_multi_root",
        "second_root",
        asm.zipped(members(E("other/data.pkl", EVIL))),
        "A member outside the first root.",
    )
    either(
        "zip_hidden_entries",
        "local_only",
        asm.zipped(members(E("archive/data.pkl", EVIL, hidden=True))),
        "A member that only streaming readers see.",
    )
    either(
        "zip_unicode_path",
        "renames",
        asm.zipped(
            members(
                E(
                    "archive/harmless",
                    EVIL,
                    central_extra=unicode_path(b"archive/harmless", b"archive/data.pkl"),
                )
            )
        ),
        "An extra field renames a member for some readers.",
    )
    reject(
        "zip_prefix",
        "bytes_before",
        archive({"w": w()}, prefix=b"#!/bin/sh\n"),
        "The first four bytes are not those of a zip.",
    )
    reject(
        "zip_suffix",
        "two_ends",
        asm.zipped(members(), comment=asm.zipped([E("archive/data.pkl", EVIL)])[-22:]),
        "A second end record inside the comment.",
    )
    either("zip_suffix", "junk", archive({"w": w()}, suffix=b"\0" * 64), "Junk after the end of the zip.")


def unicode_path(name, other):
    body = b"\x01" + struct.pack("<I", zlib.crc32(name)) + other
    return struct.pack("<HH", 0x7075, len(body)) + body


def lies():
    kind = "zip_header_mismatch"
    either(
        kind, "local_name", asm.zipped(members(local_name=b"archive/data.txt")), "Two names for one member."
    )
    either(
        kind,
        "local_size",
        asm.zipped(members(local_size=3, local_packed_size=3)),
        "Two sizes for one member.",
    )
    reject(
        kind,
        "method",
        asm.zipped(members(central_method=8)),
        "Deflated, says the directory; the bytes are not.",
    )
    reject(
        kind,
        "size_past_the_end",
        asm.zipped(members(central_size=10**6, central_packed_size=10**6)),
        "A member longer than the file.",
    )
    reject(
        kind,
        "offset_past_the_end",
        asm.zipped(members(offset=10**6)),
        "A member that begins behind the file.",
    )
    reject(
        "zip_overlap",
        "same_bytes",
        asm.zipped(members(E("archive/data/1", WEIGHTS, offset=0))),
        "Two directory entries over the same bytes.",
    )
    either(
        "zip_crc",
        "wrong",
        with_storage(E("archive/data/0", WEIGHTS, crc=12345)),
        "The checksum of a storage is wrong.",
    )
    either(
        "zip_crc",
        "wrong_pickle",
        asm.zipped(members(crc=12345)),
        "The checksum of the pickle is wrong; it must still be looked at.",
    )
    reject("zip_flags", "encrypted", asm.zipped(members(flags=1)), "An encrypted member that is needed.")
    reject("zip_flags", "patched", asm.zipped(members(flags=0x20)), "A patched member that is needed.")
    reject(
        "zip_name_encoding", "nul", asm.zipped(members(E("archive/data/1\0.txt", b"x"))), "NUL inside a name."
    )
    either(
        "zip_extra_fields",
        "past_the_end",
        asm.zipped(members(central_extra=struct.pack("<HH", 0x9999, 5000))),
        "An extra field that claims more than there is.",
    )
    zip64 = struct.pack("<HHQ", 1, 8, 2**62)
    reject(
        "zip64_lies",
        "size",
        asm.zipped(members(central_extra=zip64, central_size=0xFFFFFFFF)),
        "A zip64 size of 2^62.",
    )
    reject(
        "zip64_lies",
        "absent",
        asm.zipped(members(central_size=0xFFFFFFFF, central_packed_size=0xFFFFFFFF)),
        "Sizes say zip64, and there is no zip64 field.",
    )
    reject(
        "zip64_lies",
        "count",
        asm.zipped(members(), count=3000),
        "The end record counts members that do not exist.",
    )
    reject(
        "zip_symlink",
        "storage",
        with_storage(
            E("archive/data/0", b"/etc/passwd\0\0\0\0\0", made_by=0x0300, attributes=0o120777 << 16)
        ),
        "A storage that is a symbolic link.",
    )
    for name in ("../../evil", "/etc/evil", "C:\\evil", "archive/..\\..\\evil"):
        plain = "".join(c for c in name if c.isalpha())
        either(
            "zip_member_paths",
            plain,
            asm.zipped(members(E(name, b"x"))),
            "A member name that leads outside; nothing is ever unpacked.",
        )


def parts():
    kind = "zip_missing_parts"
    reject(kind, "no_pickle", asm.zipped(members()[1:]), "No data.pkl.")
    reject(kind, "no_members", asm.zipped([]), "An empty zip.")
    either(kind, "no_version", archive({"w": w()}, version=None), "No version record.")
    reject(kind, "version_text", archive({"w": w()}, version=b"newest"), "A version that is no number.")
    reject(kind, "version_99", archive({"w": w()}, version=b"99\n"), "A version from the future.")
    reject(
        kind,
        "no_folder",
        asm.zipped([E("data.pkl", GOOD), E("version", b"3\n")]),
        "Members without a root folder.",
    )
    data = archive({"w": w()})
    for name, end in (
        ("end_record", len(data) - 10),
        ("directory", len(data) - 100),
        ("half", len(data) // 2),
        ("four_bytes", 4),
    ):
        reject("zip_truncated", name, data[:end], "A download that was cut.")
    code = "def forward(self):\n  return %r\n" % COMMAND
    either(
        "torchscript",
        "code",
        asm.zipped(
            members(E("archive/constants.pkl", asm.pickle(())), E("archive/code/__torch__.py", code.encode()))
        ),
        "A TorchScript archive: its source must never get into an output.",
    )


def bombs():
    zeros = asm.deflated(b"\0" * 50_000_000)
    reject(
        "zip_bomb",
        "longer_than_declared",
        with_storage(E("archive/data/0", WEIGHTS, 8, packed=zeros)),
        "A storage that unpacks to more than it declares.",
    )
    neutralise(
        "zip_bomb",
        "not_needed",
        asm.zipped(members(E("archive/extra/notes", b"\0" * 50_000_000, 8))),
        "50 MB of zeros that nobody has to unpack.",
    )
    reject(
        "zip_bomb",
        "pickle",
        asm.zipped([E("archive/data.pkl", b"\x80\x02" + b"\0" * 50_000_000, 8)] + members()[1:]),
        "A pickle of 50 MB of zeros.",
    )
    reject(
        "zip_bad_deflate",
        "garbage",
        with_storage(E("archive/data/0", WEIGHTS, 8, packed=b"\xff" * 16)),
        "Deflate data that is none; torch shows zeros.",
    )
    reject(
        "zip_bad_deflate",
        "short",
        with_storage(E("archive/data/0", WEIGHTS, 8, packed=asm.deflated(WEIGHTS[:8]))),
        "Deflate data that ends early.",
    )
    for name, method in (("bzip2", 12), ("lzma", 14), ("zstd", 93), ("deflate64", 9), ("aes", 99)):
        packed = bz2.compress(WEIGHTS) if method == 12 else WEIGHTS
        reject(
            "zip_methods",
            name,
            with_storage(E("archive/data/0", WEIGHTS, method, packed=packed)),
            "A compression that torch does not read.",
        )


def around():
    reject(
        "compressed_bomb",
        "gzip_zeros",
        gzip.compress(b"\0" * 50_000_000, mtime=0),
        "50 MB of zeros in gzip.",
        ext="pt",
    )
    layers = gzip.compress(gzip.compress(gzip.compress(b"\0" * 200_000_000, 9, mtime=0), mtime=0), mtime=0)
    reject("compressed_bomb", "gzip_layers", layers, "Three layers of gzip around zeros.")
    header = b'{"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}'
    first = struct.pack("<Q", len(header)) + header + WEIGHTS
    reject(
        "polyglot",
        "safetensors_and_zip",
        archive({"w": w(), "x": RUN}, prefix=first),
        "A safetensors file with a zip behind it.",
    )


def strangers():
    kind = "wrong_extension"
    for name, data in (
        ("html", b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n"),
        ("png", b"\x89PNG\r\n\x1a\n" + b"\0" * 24),
        ("empty", b""),
        ("text", b"epoch 1: loss 0.5\n"),
        (
            "git_lfs",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n",
        ),
        ("seven_zip", b"7z\xbc\xaf\x27\x1c\0\4" + b"\0" * 24),
        ("hdf5", b"\x89HDF\r\n\x1a\n" + b"\0" * 24),
        ("zeros", b"\0" * 100),
        ("executable", b"\x7fELF\2\1\1" + b"\0" * 57),
    ):
        reject(kind, name, data, "This is no checkpoint, whatever its name says.")
