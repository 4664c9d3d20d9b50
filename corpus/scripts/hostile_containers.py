"""The other containers: tar, compression, TorchScript, numpy, joblib, archives of checkpoints."""

import gzip
import io
import lzma
import struct
import tarfile

import assemble as asm
from hostile import RUN, WEIGHTS, archive, either, neutralise, reject, row, w

SYSTEM = ["os.system"]


def build():
    tars()
    compressed()
    scripts()
    arrays()
    archives()


# -- tar


def storages(count=1, key=1, elements=4, data=WEIGHTS, views=()):
    entry = asm.pickle((key, "cpu", asm.Global("torch", "FloatStorage")))
    return asm.pickle(count) + entry + struct.pack("<q", elements) + data + asm.pickle(list(views))


def tensors(rank=2, sizes=(2, 2), strides=(2, 1), offset=0, storage=1, kind="FloatTensor"):
    numbers = struct.pack("<%dq" % (len(sizes) * 2 + 1), *sizes, *strides, offset)
    entry = asm.pickle((2, storage, asm.Global("torch", kind)))
    return asm.pickle(1) + entry + struct.pack("<iI", rank, 0) + numbers


def tar(change=None, extra=(), tail=b"", form=tarfile.USTAR_FORMAT, **members):
    content = {
        "sys_info": asm.pickle(asm.SYS_INFO),
        "pickle": asm.pickle({"w": asm.Pid("2")}),
        "tensors": tensors(),
        "storages": storages(),
    }
    content.update(members)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as out:
        for name, data in list(content.items()) + list(extra):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            if change:
                change(info)
            out.addfile(info, io.BytesIO(data[: info.size]))
    return stream.getvalue() + tail


def linked(kind):
    def change(info):
        if info.name == "storages":
            info.type, info.linkname, info.size = kind, "/etc/passwd", 0

    return change


def pax(**headers):
    def change(info):
        if info.name == "storages":
            info.pax_headers = headers

    return change


def tars():
    kind = "legacy_tar"
    neutralise(kind, "payload_in_pickle", tar(pickle=asm.pickle({"x": RUN, "w": asm.Pid("2")})), "a call in the object", SYSTEM)
    neutralise(kind, "payload_in_sys_info", tar(sys_info=asm.pickle(RUN)), "a call in the pickle that nobody needs", SYSTEM)
    reject(kind, "payload_as_key", tar(storages=storages(key=RUN)), "a call as the key of a storage")
    reject(kind, "symbolic_link", tar(linked(tarfile.SYMTYPE)), "the storages are a link out of the archive")
    reject(kind, "hard_link", tar(linked(tarfile.LNKTYPE)), "the storages are a link")
    reject(kind, "member_twice", tar(extra=[("pickle", asm.pickle({}))]), "two readers take different objects")
    reject(kind, "sparse", tar(pax(**{"GNU.sparse.major": "1"}), form=tarfile.PAX_FORMAT), "a sparse member")
    reject(kind, "pax_size", tar(pax(size="9" * 30), form=tarfile.PAX_FORMAT), "a size of 30 digits")
    reject(kind, "pax_long", tar(pax(mtime="9" * 300000), form=tarfile.PAX_FORMAT), "a time of 300,000 digits")
    reject(kind, "tail", tar(tail=archive({"w": w()})), "a zip behind the end of the archive")
    reject(kind, "rank", tar(tensors=tensors(rank=0x7FFFFFFF)), "2^31 dimensions")
    reject(kind, "view_outside", tar(tensors=tensors(offset=1)), "a tensor past its storage")
    reject(kind, "storage_view_outside", tar(storages=storages(views=[(9, 1, 3, 2)])), "a storage view past its storage")
    reject(kind, "wrong_class", tar(tensors=tensors(kind="DoubleTensor")), "a tensor of another type than its storage")
    reject(kind, "no_storage", tar(tensors=tensors(storage=77)), "a tensor without its storage")
    reject(kind, "elements", tar(storages=storages(elements=1 << 61)), "more elements than bytes can be counted")
    reject(kind, "count", tar(storages=storages(count=1 << 40)), "more storages than bytes")


# -- compression


def lz4(block, descriptor=b"\x60\x40", checksum=0x82):
    return b"\x04\x22\x4d\x18" + descriptor + bytes([checksum]) + struct.pack("<I", len(block)) + block + bytes(4)


def compressed():
    good = archive({"w": w()})
    packed = gzip.compress(good, mtime=0)
    reject("compressed_bomb", "xz_zeros", lzma.compress(bytes(200 << 20), preset=0), "200 MB of zeros in 30 KB")
    reject("compressed_bomb", "three_layers", gzip.compress(gzip.compress(packed, mtime=0), mtime=0), "three layers")
    reject("compressed_damage", "trailing", packed + b"more", "bytes behind the compressed data")
    reject("compressed_damage", "checksum", packed[:-8] + bytes(4) + packed[-4:], "a wrong checksum")
    reject("compressed_damage", "cut", packed[:-20], "the end is missing")
    reject("compressed_damage", "xz_cut", lzma.compress(good)[:-20], "the end is missing")
    payload = archive({"w": w(), "x": RUN})
    neutralise("wrapped_checkpoint", "gzip", gzip.compress(payload, mtime=0), "a payload inside", SYSTEM)
    neutralise("wrapped_checkpoint", "xz", lzma.compress(payload), "a payload inside", SYSTEM)
    reject("lz4_malformed", "match_before_start", lz4(b"\x10a\x05\x00\x00"), "a match that reaches in front of the data")
    reject("lz4_malformed", "zero_distance", lz4(b"\x10a\x00\x00\x00"), "a match of distance 0")
    reject("lz4_malformed", "literals", lz4(b"\xf0" + b"\xff" * 400 + b"\x00"), "more literals than there are")
    reject("lz4_malformed", "header_checksum", lz4(b"\x10a", checksum=1), "a wrong header checksum")


# -- TorchScript


def script(value, constants=(), more=()):
    entries = [
        asm.Entry("m/data.pkl", asm.pickle(value)),
        asm.Entry("m/constants.pkl", asm.pickle(constants)),
        asm.Entry("m/data/0", WEIGHTS),
        asm.Entry("m/code/__torch__.py", b"import os\n", 8),
        asm.Entry("m/version", b"3\n"),
    ]
    return asm.zipped(entries + list(more))


def module(attributes):
    return asm.Build(asm.NewObj(asm.Global("__torch__", "M"), ()), attributes)


def scripts():
    kind = "torchscript"
    neutralise(kind, "payload_in_data", script(module({"w": w(), "x": RUN})), "a call beside the weights", SYSTEM)
    neutralise(kind, "payload_in_constants", script(module({"w": w()}), (RUN,)), "a call in the constants", SYSTEM)
    reject(kind, "no_storage", script(module({"w": w("7")})), "a storage that is missing")
    reject(kind, "constant_of_data", script(module({}), (w(),)), "a constant whose storage is in the other folder")


# -- numpy and joblib


def npy(header, data=b"", length=None):
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text) if length is None else length) + text + data


def described(shape="(2, 2)", code="'<f4'", fortran="False"):
    return "{'descr': %s, 'fortran_order': %s, 'shape': %s, }" % (code, fortran, shape)


def joblib(shape=(2, 2), padding=b"\x00", data=WEIGHTS, code="f4", objects=None):
    dtype = asm.Call(asm.Global("numpy", "dtype"), (code, False, True))
    wrapper = asm.NewObj(asm.Global("joblib.numpy_pickle", "NumpyArrayWrapper"), ())
    state = {"shape": shape, "order": "C", "dtype": dtype, "numpy_array_alignment_bytes": 16}
    opcodes = asm.code(asm.Build(wrapper, state)) + (padding + data if objects is None else objects)
    return b"\x80\x02}" + asm.code("w") + opcodes + b"s."


def arrays():
    kind = "npy_lies"
    reject(kind, "shape", npy(described("(3, 3)"), WEIGHTS), "more items than bytes")
    reject(kind, "huge_shape", npy(described("(4611686018427387904, 4)"), WEIGHTS), "2^64 items")
    reject(kind, "header_length", npy(described(), length=65535), "a header longer than the file")
    reject(kind, "deep", npy(described("(" * 5000)), "5,000 open brackets")
    reject(kind, "key_twice", npy("{'shape': (1,), " + described()[1:], WEIGHTS), "a key twice")
    reject(kind, "expression", npy(described("__import__('os').system('true')"), WEIGHTS), "a header that is a program")
    body = b"\x80\x02" + asm.code([RUN]) + b"."
    members = [asm.Entry("w.npy", npy(described(), WEIGHTS)), asm.Entry("x.npy", npy(described("(1,)", "'|O'"), body))]
    neutralise("npz", "payload", asm.zipped(members), "a payload in an array of objects beside a good array", SYSTEM)
    neutralise("joblib", "payload", joblib()[:-1] + asm.code("x") + asm.code(RUN) + b"s.", "a call behind the bytes", SYSTEM)
    reject("joblib", "shape", joblib((1 << 40, 2)), "more bytes than the file has")
    reject("joblib", "overflow", joblib((1 << 40, 1 << 40)), "2^80 items")
    reject("joblib", "padding", joblib(padding=b"\xff"), "padding past the end")
    hidden = joblib(code="O8", objects=asm.pickle(RUN))[3:].replace(asm.code("w"), asm.code("x"), 1)
    neutralise("joblib", "objects", joblib()[:-1] + hidden, "a payload in an array of objects", SYSTEM)


# -- archives of checkpoints


def archives():
    good, bad = archive({"w": w()}), archive({"w": w(), "x": RUN})
    two = {"a.pth.w": row(WEIGHTS, (2, 2)), "b.pth.w": row(WEIGHTS, (2, 2))}
    entries = [asm.Entry("a.pth", good), asm.Entry("b.pth", bad, 8)]
    neutralise("bundle", "payload_in_one", asm.zipped(entries), "one of two members has a payload", SYSTEM, two)
    reject("bundle", "damaged_member", asm.zipped([asm.Entry("a.pth", good), asm.Entry("b.pth", bad[:-30])]), "one is cut")
    reject("bundle", "two_unpacked", asm.zipped([asm.Entry("x/%s/%s" % (f, n), b"N.") for f in "ab" for n in ("data.pkl", "version")]), "two unpacked checkpoints in one zip")
    neutralise("several_pickles", "payload_in_second", joblib() + asm.pickle(RUN), "the second is a payload", SYSTEM)
    either("several_pickles", "cut", joblib() + joblib()[:-6], "the second is cut", {"w": row(WEIGHTS, (2, 2))})
