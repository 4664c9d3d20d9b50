"""Small files that ask for much: memory, time, depth, or numbers that do not fit."""

import struct

import assemble as asm
from hostile import ANY, WEIGHTS, archive, beside, either, neutralise, raw, reject, value_code, w, W_ONLY

G, C = asm.Global, asm.Call


def small(value):
    """The same archive with a deflated pickle."""
    return archive(value, pickle_method=8)


def with_x(opcodes):
    return b"\x80\x02}" + asm.code("w") + asm.code(w()) + b"s" + asm.code("x") + opcodes + b"s."


def build():
    shared_and_deep()
    lengths()
    frames()
    malformed()
    floods()
    ordinary_but_odd()


def shared_and_deep():
    laugh = b"]q\x01" + b"".join(b"](h%ch%ce" % (n, n) + b"q%c" % (n + 1) for n in range(1, 60))
    either(
        "billion_laughs",
        "lists",
        archive(with_x(laugh)),
        "Sixty levels of a list that holds the last one twice.",
    )
    twice = b"]"
    for n in range(1, 100):
        twice = b"]" + twice + b"q%cah%ca" % (n, n)
    either(
        "billion_laughs",
        "lists_of_two",
        archive(with_x(twice)),
        "A hundred levels of a list that holds the last one twice, and nothing else.",
    )
    either(
        "billion_laughs",
        "text_references",
        small(with_x(b"](" + asm.code("t" * 100_000) + b"q\x05" + b"h\x05" * 2_000 + b"e")),
        "A text of 100,000 letters in 2,000 places.",
    )
    long_integer = b"\x8b" + struct.pack("<i", 4_000) + b"\x7f" * 4_000
    either(
        "billion_laughs",
        "integer_references",
        small(with_x(b"](" + long_integer + b"q\x05" + b"h\x05" * 20_000 + b"e")),
        "An integer of 4,000 bytes in 20,000 places.",
    )
    tuples = b")q\x01" + b"".join(b"h%ch%c\x86q%c" % (n, n, n + 1) for n in range(1, 50))
    either(
        "hash_bomb",
        "tuple_dag_key",
        archive(with_x(b"}" + tuples + b"Ns")),
        "A key whose hash visits 2 to the power of 49 tuples.",
        names=ANY,
    )
    either(
        "hash_bomb",
        "deep_tuple_key",
        small(with_x(b"}N" + b"\x85" * 300_000 + b"Ns")),
        "A key of 300,000 nested tuples.",
        names=ANY,
    )
    either(
        "deep_nesting",
        "lists_1000000",
        small(with_x(b"]" * 1_000_000 + b"a" * 999_999)),
        "A million lists in each other.",
    )
    either(
        "deep_nesting",
        "dicts_200000",
        small(with_x(b"}K\x00" * 200_000 + b"N" + b"s" * 200_000)),
        "200,000 mappings in each other.",
    )
    either(
        "deep_nesting",
        "calls_100000",
        small(with_x((b"(" + asm.code(G("a", "b"))) * 100_000 + b"o" * 100_000)),
        "100,000 calls, each the argument of the next.",
    )
    neutralise(
        "recursive_containers",
        "dict",
        archive(b"\x80\x02}q\x00" + asm.code("w") + asm.code(w()) + b"s" + asm.code("self") + b"h\x00s."),
        "The root holds itself.",
    )
    neutralise(
        "recursive_containers",
        "tuple_through_list",
        archive(with_x(b"]q\x01h\x01\x85a")),
        "A list holds a tuple that holds the list.",
    )
    neutralise(
        "memo_index_bomb",
        "long_binput",
        archive(b"\x80\x02}r\xfe\xff\xff\xff" + asm.code("w") + asm.code(w()) + b"sj\xfe\xff\xff\xff."),
        "A memo index near the end of 32 bits needs a map, not an array.",
    )
    either("memo_index_bomb", "text_put", raw(b"Np99999999999999999999\n0"), "A memo index of twenty digits.")
    reject("memo_index_bomb", "negative_put", raw(b"Np-1\n0"), "A negative memo index.")
    either(
        "huge_ints",
        "long4",
        small(with_x(b"\x8b" + struct.pack("<i", 3_000_000) + b"\x7f" * 3_000_000)),
        "An integer of seven million digits.",
    )
    either(
        "huge_ints",
        "text_int",
        small(with_x(b"I" + b"9" * 1_000_000 + b"\n")),
        "A text integer of a million digits.",
    )


def lengths():
    for name, opcodes in (
        ("binunicode8", b"\x8d" + struct.pack("<Q", 2**60) + b"abc"),
        ("binbytes8_negative", b"\x8e" + struct.pack("<q", -1) + b"abc"),
        ("bytearray8", b"\x96" + struct.pack("<Q", 2**40) + b"abc"),
        ("binunicode", b"X" + struct.pack("<I", 2**32 - 1) + b"abc"),
        ("binstring_negative", b"T" + struct.pack("<i", -5) + b"abc"),
        ("long4_negative", b"\x8b" + struct.pack("<i", -1) + b"a"),
    ):
        reject(
            "huge_lengths", name, archive(with_x(opcodes)), "A length that runs past the end of the stream."
        )
    reject(
        "int_truncation",
        "string_length",
        archive(with_x(b"\x8d" + struct.pack("<Q", 2**32 + 3) + b"abc")),
        "2^32 + 3 must not be read as 3.",
    )
    reject(
        "int_truncation",
        "size",
        archive({"w": asm.tensor(asm.storage("0", 4), 0, (2**32 + 2, 2), (2, 1))}),
        "A size of 2^32 + 2 must not be read as 2.",
    )
    reject(
        "int_truncation",
        "offset",
        archive({"w": asm.tensor(asm.storage("0", 4), 2**64, (2, 2), (2, 1))}),
        "An offset of 2^64 must not be read as 0.",
    )
    reject(
        "int_truncation",
        "count",
        archive({"w": asm.tensor(asm.storage("0", 2**32 + 4), 0, (2, 2), (2, 1))}),
        "An element count of 2^32 + 4 must not be read as 4.",
    )


def frames():
    body = b"}" + asm.short_text("w") + asm.code(w()) + b"s"
    frame = b"\x95" + struct.pack("<Q", len(body) + 3)
    reject(
        "frame_lies",
        "argument_crosses_the_end",
        archive(b"\x80\x04" + frame + body + asm.short_text("crossing") + b"0."),
        "The argument of an opcode lies half outside its frame.",
    )
    reject(
        "frame_lies",
        "past_the_end",
        archive(b"\x80\x04\x95" + struct.pack("<Q", 10**6) + body + b"."),
        "A frame longer than the stream.",
    )
    reject(
        "frame_lies",
        "length_2_63",
        archive(b"\x80\x04\x95" + struct.pack("<Q", 2**63 + 1) + body + b"."),
        "A frame length that is negative in 64 bits.",
    )
    inner = b"\x95" + struct.pack("<Q", len(body)) + body
    reject(
        "frame_lies",
        "nested",
        archive(b"\x80\x04\x95" + struct.pack("<Q", len(inner)) + inner + b"."),
        "A frame inside a frame.",
    )


def malformed():
    for name, data in (
        ("no_stop", b"\x80\x02" + asm.code({"w": w()})),
        ("empty", b""),
        ("stop_only", b"\x80\x02."),
        ("no_mark", b"\x80\x02Nt."),
        ("underflow", b"\x80\x02R."),
        ("unknown_memo", b"\x80\x02h\x07."),
        ("unknown_opcode", b"\x80\x02\xff."),
        ("proto_9", b"\x80\x09" + asm.code({"w": w()}) + b"."),
        ("reduce_without_tuple", b"\x80\x02" + asm.code(G("collections", "OrderedDict")) + b"K\x01R."),
        ("build_on_text", b"\x80\x02" + asm.code("text") + b"}b."),
    ):
        reject("malformed_stack", name, archive(data), "A stream that no pickle machine accepts.")
    reject(
        "buffer_opcodes", "next_buffer", value_code(b"\x97"), "An out-of-band buffer, and there is no band."
    )
    reject(
        "buffer_opcodes", "readonly_buffer", value_code(b"N\x98"), "READONLY_BUFFER over what is no buffer."
    )


def floods():
    either(
        "opcode_flood",
        "none_pop",
        small(b"\x80\x02" + b"N0" * 5_000_000 + asm.code({"w": w()}) + b"."),
        "Ten million opcodes that do nothing.",
    )
    either(
        "opcode_flood",
        "stack",
        small(b"\x80\x02" + b"N" * 20_000_000 + asm.code({"w": w()}) + b"."),
        "Twenty million values that stay on the stack.",
    )
    either(
        "opcode_flood",
        "marks",
        small(b"\x80\x02" + b"(" * 20_000_000 + asm.code({"w": w()}) + b"."),
        "Twenty million marks.",
    )
    calls = b"".join(asm.code(C(G("m%d" % n, "f"), ())) + b"0" for n in range(20_000))
    either(
        "global_flood",
        "distinct",
        small(b"\x80\x02" + calls + asm.code({"w": w()}) + b"."),
        "Twenty thousand different calls; the report must stay readable.",
    )
    either(
        "metadata_bomb",
        "text",
        small(with_x(asm.text(b"a" * 20_000_000))),
        "Twenty megabytes of text in a small file.",
    )
    either(
        "metadata_bomb",
        "keys",
        small(with_x(b"}(" + b"".join(asm.integer(n) + b"N" for n in range(40_000)) + b"u")),
        "40,000 entries beside one tensor.",
    )
    for name, call in (
        ("bytearray", C(G("builtins", "bytearray"), (2**40,))),
        ("float_tensor", C(G("torch", "FloatTensor"), (2**40,))),
        ("codec", C(G("_codecs", "encode"), ("x" * 5000, "punycode"))),
        ("bytes", C(G("builtins", "bytes"), (2**40,))),
        ("deque", C(G("collections", "deque"), (C(G("builtins", "range"), (2**50,)),))),
    ):
        either("ctor_bomb", name, beside(call), "A harmless constructor asked for a terabyte.")
    neutralise(
        "ctor_bomb",
        "range",
        beside(C(G("builtins", "range"), (0, 10**18, 1))),
        "A range is three numbers, never its members.",
    )


def ordinary_but_odd():
    good = asm.code({"w": w()})
    neutralise("proto_tricks", "none", archive(good + b"."), "PROTO is missing, which is legal.")
    neutralise(
        "proto_tricks",
        "twice",
        archive(b"\x80\x02\x80\x04" + good + b"."),
        "PROTO comes twice, which is legal.",
    )
    neutralise(
        "proto_tricks",
        "low",
        archive(b"\x80\x00" + good + b"."),
        "Protocol 0 is claimed; the opcodes are newer.",
    )
    other = asm.tensor(asm.storage("1", 1), 0, (1,), (1,))
    both = {"0": WEIGHTS, "1": asm.floats(9.0)}
    neutralise(
        "duplicate_dict_keys",
        "text",
        archive(asm.Pairs([("w", other), ("w", w())]), both),
        "A key comes twice: the last value counts, the lost tensor is reported.",
    )
    neutralise(
        "duplicate_dict_keys",
        "one_and_true",
        archive(asm.Pairs([(1, other), (True, w())]), both),
        "1 and True are one key in Python.",
        tensors={"1": W_ONLY["w"]},
        names=ANY,
    )
    reject(
        "name_collision",
        "dotted",
        archive({"a": {"b": w()}, "a.b": other}, both),
        "Two tensors have the path a.b; neither may vanish.",
    )
    reject(
        "name_collision",
        "int_and_text",
        archive(asm.Pairs([(1, w()), ("1", other)]), both),
        '1 and "1" are two keys with one name.',
    )
    protocol0 = b"(dp0\nVa\\u00e9\\u005c\np1\n" + asm.code(w()) + b"s."
    neutralise(
        "text_opcodes",
        "escapes",
        archive(protocol0),
        "A protocol 0 text with escapes is a name.",
        tensors={"a\u00e9\\": W_ONLY["w"]},
    )
    reject("text_opcodes", "open_quote", raw(b"S'abc\n0"), "A text without its closing quote.")
    reject("text_opcodes", "int_with_underscore", raw(b"I1_0x\n0"), "Not an integer in any base.")
