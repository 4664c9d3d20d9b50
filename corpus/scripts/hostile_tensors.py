"""Views, storages and rebuild calls that do not add up."""

import struct

import assemble as asm
from hostile import ANY, WEIGHTS, archive, either, neutralise, reject, row, w

G, C = asm.Global, asm.Call
STORE = asm.storage("0", 4)


def one(*args, **more):
    return archive({"w": asm.tensor(*args, **more)})


def build():
    views()
    expansion()
    storages()
    arguments()
    states()
    exotic()
    legacy_streams()


def views():
    for name, offset, size, stride in (
        ("size", 0, (5,), (1,)),
        ("offset", 1, (2, 2), (2, 1)),
        ("stride", 0, (2, 2), (3, 1)),
        ("negative_offset", -1, (2,), (1,)),
        ("negative_stride", 3, (2,), (-1,)),
        ("negative_size", 0, (-2, -2), (2, 1)),
        ("rank", 0, (2, 2), (1,)),
        ("far", 0, (2,), (2**62,)),
        ("wraps_around", 0, (2, 2), (2**63 - 1, 2**63 - 1)),
    ):
        reject("tensor_bounds", name, one(STORE, offset, size, stride), "The view leaves its storage.")
    reject(
        "numel_overflow",
        "product",
        one(STORE, 0, (2**33, 2**33), (0, 0)),
        "The product of the sizes passes 64 bits.",
    )
    reject(
        "numel_overflow",
        "wraps_to_four",
        one(STORE, 0, (2**62 + 1, 4), (0, 0)),
        "The product of the sizes wraps to 4.",
    )
    either(
        "numel_overflow",
        "zero_size",
        archive({"w": w(), "e": asm.tensor(STORE, 0, (2**62, 2**62, 0), (0, 0, 1))}),
        "The sizes overflow, then one is 0.",
        names=ANY,
    )
    reject(
        "tensor_arg_types", "rank_500", one(STORE, 0, (1,) * 500, (1,) * 500), "A tensor of 500 dimensions."
    )


def expansion():
    reject(
        "expand_bomb", "one_element", one(STORE, 0, (2**25, 2**25), (0, 0)), "One element seen 2^50 times."
    )
    reject("expand_bomb", "moderate", one(STORE, 0, (100_000_000,), (0,)), "16 bytes become 400 MB.")
    big = b"\0" * (1 << 20)
    store = asm.storage("0", 1 << 18)
    views = {"v%03d" % n: asm.tensor(store, n, (2**18 - 200,), (1,)) for n in range(200)}
    reject(
        "view_bomb",
        "overlapping",
        archive(views, {"0": big}, data_method=8),
        "200 overlapping views of a megabyte of zeros.",
    )


def storages():
    confused = asm.tensor(asm.storage("0", 2, "DoubleStorage"), 0, (2,), (1,))
    reject(
        "storage_dtype_confusion",
        "float_and_double",
        archive({"w": w(), "d": confused}),
        "One storage under two dtypes.",
    )
    reject(
        "storage_dtype_confusion",
        "float_and_int",
        archive({"w": w(), "d": asm.tensor(asm.storage("0", 4, "IntStorage"), 0, (4,), (1,))}),
        "One storage under two dtypes.",
    )
    for name, content in (
        ("shorter", WEIGHTS[:-4]),
        ("longer", WEIGHTS + b"\0" * 4),
        ("ragged", WEIGHTS[:-1]),
        ("empty", b""),
    ):
        reject(
            "storage_size_lie",
            name,
            archive({"w": w()}, {"0": content}),
            "The record has not the size that the pickle says.",
        )
    reject(
        "storage_size_lie",
        "negative_count",
        one(asm.storage("0", -4), 0, (2, 2), (2, 1)),
        "A negative element count.",
    )
    reject(
        "missing_storage",
        "record",
        archive({"w": w("1")}),
        "The storage is nowhere in the file; zeros are no answer.",
    )
    reject(
        "storage_key_traversal",
        "absolute",
        archive({"w": w("/etc/passwd")}),
        "A storage key that is a path outside.",
    )
    reject(
        "storage_key_traversal",
        "dots",
        archive({"w": w("../../../../etc/hostname")}),
        "A storage key that climbs.",
    )
    either(
        "storage_key_traversal",
        "present",
        archive({"w": w("../0")}, more=[asm.Entry("archive/data/../0", WEIGHTS)]),
        "A climbing key whose record exists under just that name.",
    )
    for name, location in (
        ("no_such_gpu", "cuda:77"),
        ("nonsense", "\x1b]0;owned\x07\x1b[2J"),
        ("long", "x" * 100_000),
    ):
        store = asm.storage("0", 4, location=location)
        neutralise(
            "odd_location",
            name,
            archive({"w": asm.tensor(store, 0, (2, 2), (2, 1))}, pickle_method=8),
            "Where the tensor was does not matter.",
        )
    for name, value in (("bigger", b"bigger"), ("capital", b"Big"), ("newline", b"big\n"), ("empty", b"")):
        reject(
            "byteorder_lie",
            name,
            archive({"w": w()}, byteorder=value),
            "A byte order that is neither little nor big.",
        )


def arguments():
    rebuild = G("torch._utils", "_rebuild_tensor_v2")
    for name, args in (
        ("none", ()),
        ("too_few", (STORE, 0, (2, 2))),
        ("text_offset", (STORE, "0", (4,), (1,), False, None)),
        ("float_size", (STORE, 0, (4.0,), (1,), False, None)),
        ("bool_size", (STORE, 0, (True,), (1,), False, None)),
        ("storage_is_a_list", ([1.0, 2.0], 0, (2,), (1,), False, None)),
    ):
        reject(
            "tensor_arg_types",
            name,
            archive({"w": C(rebuild, args)}),
            "A rebuild call with arguments it cannot have.",
        )
    either(
        "rebuild_arg_payload",
        "unknown_metadata",
        archive({"w": w(), "m": asm.tensor(STORE, 0, (4,), (1,), more=({"rot90": True},))}),
        "A metadata key that would change the meaning of the bytes.",
    )


def exotic():
    layout = C(G("torch.serialization", "_get_layout"), ("torch.sparse_coo",))
    indices = asm.tensor(asm.storage("1", 2, "LongStorage"), 0, (1, 2), (2, 1))
    values = asm.tensor(asm.storage("0", 4), 0, (2,), (1,))
    outside = {"0": WEIGHTS, "1": struct.pack("<qq", 0, 99)}
    size = C(G("torch", "Size"), ((3,),))
    sparse = C(G("torch._utils", "_rebuild_sparse_tensor"), (layout, (indices, values, size, True)))
    reject(
        "exotic_tensors",
        "sparse_index",
        archive({"s": sparse}, outside),
        "A sparse index outside the tensor.",
    )
    huge = C(G("torch", "Size"), ((2**62,),))
    far = C(G("torch._utils", "_rebuild_sparse_tensor"), (layout, (indices, values, huge, True)))
    either(
        "exotic_tensors",
        "sparse_shape",
        archive({"s": far, "w": w()}, outside),
        "Never make this dense.",
        names=ANY,
    )
    scales = asm.tensor(asm.storage("2", 3, "DoubleStorage"), 0, (3,), (1,))
    zeros = asm.tensor(asm.storage("3", 3, "LongStorage"), 0, (3,), (1,))
    contents = {"1": b"\1\2\3\4", "2": struct.pack("<3d", 1, 2, 3), "3": struct.pack("<3q", 0, 0, 0)}
    for name, axis in (("quantized_axis", 7), ("quantized_negative_axis", -1), ("quantized_lengths", 1)):
        scheme = (G("torch", "per_channel_affine"), scales, zeros, axis)
        made = C(
            G("torch._utils", "_rebuild_qtensor"),
            (asm.storage("1", 4, "QInt8Storage"), 0, (2, 2), (2, 1), scheme, False, asm.NO_HOOKS),
        )
        reject(
            "exotic_tensors", name, archive({"q": made}, contents), "The quantizer does not fit the tensor."
        )
    far = C(
        G("torch._utils", "_rebuild_qtensor"),
        (
            asm.storage("1", 4, "QInt8Storage"),
            0,
            (2, 2),
            (9, 1),
            (G("torch", "per_tensor_affine"), 0.5, 0),
            False,
            asm.NO_HOOKS,
        ),
    )
    reject(
        "exotic_tensors",
        "quantized_stride",
        archive({"q": far}, contents),
        "A quantized view leaves its storage.",
    )


def states():
    """PyTorch gives a tensor other elements; a reader that passes over that shows the wrong ones."""
    other = asm.storage("1", 4)
    storages = {"0": WEIGHTS, "1": asm.floats(9.0, 8.0, 7.0, 6.0)}
    decoy = asm.tensor(other, 0, (2, 2), (2, 1))
    parameter = asm.Call(G("torch._utils", "_rebuild_parameter"), (w(), True, asm.NO_HOOKS))
    for name, built in (
        ("set", asm.Build(w(), (other, 0, (2, 2), (2, 1)))),
        ("shape", asm.Build(w(), (STORE, 0, (2,), (2,)))),
        ("tensor", asm.Build(w(), (decoy,))),
        ("attributes", asm.Build(w(), {"data": decoy})),
        ("parameter", asm.Build(parameter, (decoy, None, asm.NO_HOOKS, True, None))),
    ):
        reject(
            "tensor_state",
            "build_" + name,
            archive({"w": built}, storages),
            "BUILD with a tensor replaces what it shows.",
        )
    for name, state in (
        ("dict", {"data": decoy}),
        ("slots", (None, {"data": decoy})),
        ("ordered_dict", asm.Call(G("collections", "OrderedDict"), ({"data": decoy},))),
        ("real", {"real": decoy}),
    ):
        for function in ("_rebuild_from_type_v2", "_rebuild_parameter_with_state"):
            args = (w(), True, asm.NO_HOOKS, state)
            module = "torch._utils"
            if function == "_rebuild_from_type_v2":
                args = (w().function, G("torch", "Tensor"), w().args, state)
                module = "torch._tensor"
            reject(
                "tensor_state",
                function.strip("_") + "-" + name,
                archive({"w": asm.Call(G(module, function), args)}, storages),
                "The state sets an attribute that replaces the tensor's elements.",
            )
    reject(
        "tensor_state",
        "append_to_ordered_dict",
        archive(asm.Raw(asm.code(asm.NO_HOOKS) + asm.code("w") + asm.code(w()) + b"s" + asm.code(w()) + b"a")),
        "An ordered dict cannot be appended to; torch refuses.",
    )
    first, last = (1, "a"), (True, "a")
    neutralise(
        "equal_keys",
        "tuples",
        archive(asm.Pairs([(first, w()), (last, decoy)]), storages),
        "Python takes both tuples for one key and shows only the last tensor.",
        tensors={"1": row(storages["1"], (2, 2))},
        names=ANY,
    )
    nan = float("nan")
    reject(
        "equal_keys",
        "two_nans",
        archive(asm.Pairs([(nan, w()), (nan, decoy)]), storages),
        "Two NaNs are two keys of one name.",
    )


def legacy_streams():
    good = {"w": asm.tensor(asm.legacy_storage("0", 4), 0, (2, 2), (2, 1))}
    store = {"0": (4, WEIGHTS)}
    why = "The stream and the pickle tell two stories about the storages."
    kind = "legacy_storage_lies"
    reject(kind, "count", asm.legacy(good, {"0": (3, WEIGHTS)}), why)
    reject(kind, "count_2_44", asm.legacy(good, {"0": (2**44, WEIGHTS)}), why)
    reject(kind, "negative_count", asm.legacy(good, {"0": (-4, WEIGHTS)}), why)
    reject(kind, "key_left_out", asm.legacy(good, store, keys=[]), "torch shows uninitialised memory here.")
    reject(kind, "key_twice", asm.legacy(good, store, keys=["0", "0"]) + struct.pack("<q", 4) + WEIGHTS, why)
    reject(kind, "unknown_key", asm.legacy(good, dict(store, extra=(1, b"\0" * 4))), why)
    reject(kind, "short", asm.legacy(good, store)[:-3], "The file ends inside a storage.")
    reject(
        kind, "keys_are_numbers", asm.legacy(good, store, keys=[0]), "A key that the pickle does not know."
    )
    outside = asm.legacy_storage("0", 4, view=("v", 2, 3))
    reject(
        kind,
        "view_outside",
        asm.legacy({"w": asm.tensor(outside, 0, (3,), (1,))}, store),
        "A storage view that leaves its root.",
    )
    for name, info in (
        ("big_endian", dict(asm.SYS_INFO, little_endian=False)),
        ("odd_sizes", {"type_sizes": {"int": 16}}),
        ("not_a_dict", ["anything"]),
    ):
        neutralise(
            "legacy_sysinfo_lie",
            name,
            asm.legacy(good, store, sys_info=asm.pickle(info)),
            "torch ignores this pickle: the data is little-endian whatever it says.",
        )
    neutralise(
        "legacy_trailing",
        "bytes",
        asm.legacy(good, store) + b"\0" * 100,
        "Bytes after the last storage mean nothing.",
    )
