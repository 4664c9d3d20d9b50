"""Tensor names that attack a terminal, a header or a path; and safetensors files that break its rules."""

import json
import struct

import assemble as asm
from hostile import WEIGHTS, W_ONLY, archive, neutralise, reject, w


def build():
    names()
    headers()


def names():
    kind = "hostile_names"
    for name, text in (
        ("escape", "\x1b[2J\x1b]0;owned\x07w"),
        ("newline", "w\nerror: all is well"),
        ("nul", "w\0x"),
        ("right_to_left", "\u202ethgiew"),
        ("path", "../../../etc/passwd"),
        ("json", '","x":{"dtype":"'),
        ("markup", "<script>alert(1)</script>"),
        ("long", "n" * 40_000),
        ("empty", ""),
    ):
        neutralise(
            kind,
            name,
            archive({text: w()}),
            "The name is data: exact in the output, escaped on a terminal.",
            tensors={text: W_ONLY["w"]},
        )
    reject(
        kind, "metadata", archive({"__metadata__": w()}), "The one name that a safetensors header reserves."
    )
    reject(kind, "lone_surrogate", archive({"w\ud800": w()}), "A name that UTF-8 cannot hold.")
    bad = asm.Raw(asm.text(b"w\xff"))
    reject(
        "invalid_utf8",
        "name",
        archive(b"\x80\x02}" + asm.code(bad) + asm.code(w()) + b"s."),
        "A name that is no UTF-8.",
    )


def headers():
    tensor = '{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}'
    for name, text in (
        ("duplicate_name", '{"w":%s,"w":%s}' % (tensor, tensor)),
        ("duplicate_field", '{"w":{"dtype":"F32","dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}'),
        ("comment", '{"w":%s/* no */}' % tensor),
        ("trailing_comma", '{"w":%s,}' % tensor),
        ("single_quotes", "{'w':%s}" % tensor.replace('"', "'")),
        ("float_shape", '{"w":{"dtype":"F32","shape":[2.0,2],"data_offsets":[0,16]}}'),
        ("exponent", '{"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,1.6e1]}}'),
        ("past_64_bits", '{"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,18446744073709551632]}}'),
        ("leading_zero", '{"w":{"dtype":"F32","shape":[02,2],"data_offsets":[0,16]}}'),
        ("not_an_object", '["w"]'),
        ("deep", '{"__metadata__":' + "[" * 5000 + "]" * 5000 + "}"),
        ("metadata_number", '{"__metadata__":{"a":1},"w":%s}' % tensor),
        ("cut", '{"w":{"dtype":"F32"'),
    ):
        reject(
            "st_json", name, stored(text), "A header that a strict JSON reader refuses.", ext="safetensors"
        )
    for name, changes in (
        ("hole", {"data_offsets": [4, 20]}),
        ("reversed", {"data_offsets": [16, 0]}),
        ("short", {"data_offsets": [0, 8]}),
        ("past_the_end", {"data_offsets": [0, 1600]}),
        ("negative", {"data_offsets": [-16, 0]}),
        ("three", {"data_offsets": [0, 16, 16]}),
        ("dtype", {"dtype": "F33"}),
        ("lower_case", {"dtype": "f32"}),
        ("product", {"shape": [2**32, 2**32]}),
        ("no_shape", {"shape": None}),
        ("negative_size", {"shape": [-2, -2]}),
    ):
        kind = "st_offsets" if "data_offsets" in changes else "st_shape"
        entry = dict({"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}, **changes)
        reject(
            kind,
            name,
            stored(json.dumps({"w": entry})),
            "Offsets, shape and dtype do not add up.",
            ext="safetensors",
        )
    reject(
        "st_offsets",
        "trailing",
        stored('{"w":%s}' % tensor) + b"\0",
        "A byte that belongs to no tensor.",
        ext="safetensors",
    )
    reject(
        "st_offsets",
        "overlap",
        stored('{"w":%s,"v":%s}' % (tensor, tensor)),
        "Two tensors over the same bytes.",
        ext="safetensors",
    )
    body = stored('{"w":%s}' % tensor)[8:]
    for name, length in (
        ("past_the_end", 10**6),
        ("over_the_limit", 10**9),
        ("unsigned", 2**63 + 57),
        ("zero", 0),
        ("two_to_32", 2**32 + 57),
    ):
        reject(
            "st_header_length",
            name,
            struct.pack("<Q", length) + body,
            "The header length is a lie.",
            ext="safetensors",
        )
    reject(
        "st_header_length",
        "seven_bytes",
        b"\1\0\0\0\0\0\0",
        "Too short for a header length.",
        ext="safetensors",
    )


def stored(header):
    data = header.encode()
    return struct.pack("<Q", len(data)) + data + WEIGHTS
