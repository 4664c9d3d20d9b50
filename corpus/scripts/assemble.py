"""A small assembler for pickles, torch zips and legacy streams: writes bytes, runs nothing.

A value is built from plain Python data and the nodes below; `pickle` turns it into opcodes of
protocol 2. `Raw` holds opcodes as they are, so that any stream can be written, also broken ones.
"""

import collections
import struct
import zlib

Global = collections.namedtuple("Global", "module name")
Call = collections.namedtuple("Call", "function args")
Raw = collections.namedtuple("Raw", "opcodes")
Pid = collections.namedtuple("Pid", "value")
Build = collections.namedtuple("Build", "target state")
NewObj = collections.namedtuple("NewObj", "cls args")
Pairs = collections.namedtuple("Pairs", "items")  # a dict with its entries as given, repeated keys too

MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_PROTOCOL = 1001
SYS_INFO = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}


# -- pickles


def pickle(value, stop=True, proto=2):
    head = b"" if proto is None else b"\x80" + bytes([proto])
    return head + code(value) + (b"." if stop else b"")


def code(value):
    """The opcodes that push a value."""
    if isinstance(value, Raw):
        return value.opcodes
    if isinstance(value, Global):
        return b"c" + value.module.encode() + b"\n" + value.name.encode() + b"\n"
    if isinstance(value, Call):
        return code(value.function) + code(tuple(value.args)) + b"R"
    if isinstance(value, NewObj):
        return code(value.cls) + code(tuple(value.args)) + b"\x81"
    if isinstance(value, Build):
        return code(value.target) + code(value.state) + b"b"
    if isinstance(value, Pid):
        return code(value.value) + b"Q"
    if isinstance(value, Pairs):
        return b"}(" + b"".join(code(k) + code(v) for k, v in value.items) + b"u"
    return _plain(value)


def _plain(value):
    if value is None:
        return b"N"
    if value is True:
        return b"\x88"
    if value is False:
        return b"\x89"
    if isinstance(value, int):
        return integer(value)
    if isinstance(value, float):
        return b"G" + struct.pack(">d", value)
    if isinstance(value, str):
        return text(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, bytes):
        return code(Call(Global("_codecs", "encode"), (value.decode("latin1"), "latin1")))
    if isinstance(value, tuple):
        return b"(" + b"".join(code(item) for item in value) + b"t"
    if isinstance(value, list):
        return b"](" + b"".join(code(item) for item in value) + b"e"
    if isinstance(value, collections.OrderedDict):
        return code(Call(Global("collections", "OrderedDict"), ())) + code(Pairs(value.items()))[1:]
    if isinstance(value, dict):
        return code(Pairs(value.items()))
    raise TypeError(type(value))


def integer(value):
    if 0 <= value < 256:
        return b"K" + bytes([value])
    if -(2**31) <= value < 2**31:
        return b"J" + struct.pack("<i", value)
    data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def text(utf8):
    return b"X" + struct.pack("<I", len(utf8)) + utf8


def short_text(value):
    """SHORT_BINUNICODE, protocol 4."""
    data = value.encode()
    return b"\x8c" + bytes([len(data)]) + data


# -- tensors

OrderedDict = Global("collections", "OrderedDict")
NO_HOOKS = Call(OrderedDict, ())


def storage(key, count, kind="FloatStorage", location="cpu"):
    return Pid(("storage", Global("torch", kind), key, location, count))


def tensor(store, offset, size, stride, hooks=NO_HOOKS, requires_grad=False, more=()):
    return Call(
        Global("torch._utils", "_rebuild_tensor_v2"),
        (store, offset, tuple(size), tuple(stride), requires_grad, hooks) + tuple(more),
    )


def floats(*values):
    return struct.pack("<%df" % len(values), *values)


# -- zips


class Entry:
    """One member. Fields other than name and data default to what an honest writer puts."""

    def __init__(self, name, data=b"", method=0, **lies):
        self.name = name if isinstance(name, bytes) else name.encode()
        self.data = data
        self.method = method
        self.lies = lies

    def packed(self):
        if "packed" not in self.lies:
            self.lies["packed"] = deflated(self.data) if self.method == 8 else self.data
        return self.lies["packed"]

    def get(self, field, honest):
        return self.lies.get(field, honest)


def deflated(data):
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(data) + deflate.flush()


def zipped(entries, comment=b"", prefix=b"", suffix=b"", **end_lies):
    """A zip of the entries; a lie named local_x or central_x is told in that header only."""
    out = bytearray(prefix)
    central = bytearray()
    count = 0
    for entry in entries:
        at = entry.get("offset", len(out))
        if "offset" not in entry.lies:
            out += local_header(entry) + entry.packed()
        if not entry.get("hidden", False):
            central += central_header(entry, at)
            count += 1
    start = len(out)
    out += central
    count = end_lies.get("count", count)
    out += (
        struct.pack(
            "<IHHHHIIH",
            0x06054B50,
            0,
            0,
            count,
            count,
            end_lies.get("size", len(central)),
            end_lies.get("start", start),
            len(comment),
        )
        + comment
    )
    return bytes(out) + suffix


def _common(entry, where):
    packed = entry.packed()
    return (
        entry.get(where + "_flags", entry.get("flags", 0)),
        entry.get(where + "_method", entry.method),
        0,
        33,
        entry.get(where + "_crc", entry.get("crc", zlib.crc32(entry.data))),
        entry.get(where + "_packed_size", len(packed)),
        entry.get(where + "_size", entry.get("size", len(entry.data))),
    )


def local_header(entry):
    name = entry.get("local_name", entry.name)
    extra = entry.get("local_extra", b"")
    return (
        struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, *_common(entry, "local"), len(name), len(extra))
        + name
        + extra
    )


def central_header(entry, at):
    extra = entry.get("central_extra", b"")
    made_by = entry.get("made_by", 0)
    return (
        struct.pack(
            "<IHHHHHHIIIHHHHHII",
            0x02014B50,
            made_by,
            20,
            *_common(entry, "central"),
            len(entry.name),
            len(extra),
            0,
            0,
            0,
            entry.get("attributes", 0),
            at
        )
        + entry.name
        + extra
    )


def checkpoint(
    value,
    storages,
    root="archive",
    byteorder=b"little",
    data_method=0,
    more=(),
    version=b"3\n",
    pickle_method=0,
    comment=b"",
    prefix=b"",
    suffix=b"",
    **end_lies
):
    """A torch zip around a value (or the bytes of its pickle)."""
    data = value if isinstance(value, bytes) else pickle(value)
    entries = [Entry(root + "/data.pkl", data, pickle_method)]
    if byteorder is not None:
        entries.append(Entry(root + "/byteorder", byteorder))
    entries += [Entry("%s/data/%s" % (root, key), content, data_method) for key, content in storages.items()]
    if version is not None:
        entries.append(Entry(root + "/version", version))
    return zipped(entries + list(more), comment, prefix, suffix, **end_lies)


# -- legacy streams


def legacy_storage(key, count, kind="FloatStorage", view=None):
    return Pid(("storage", Global("torch", kind), key, "cpu", count, view))


def legacy(value, storages, keys=None, magic=None, protocol=None, sys_info=None):
    """A magic-number stream; storages: key -> (element count, bytes)."""
    data = value if isinstance(value, bytes) else pickle(value)
    head = (magic or pickle(MAGIC)) + (protocol or pickle(LEGACY_PROTOCOL))
    head += sys_info or pickle(SYS_INFO)
    tail = pickle(list(storages) if keys is None else keys)
    for count, content in storages.values():
        tail += struct.pack("<q", count) + content
    return head + data + tail
