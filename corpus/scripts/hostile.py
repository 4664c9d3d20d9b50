"""The registry of hostile files, and the pieces that most of them are made of."""

import collections
import hashlib

import assemble as asm

Case = collections.namedtuple("Case", "kind name ext data expectation why tensors names reports")
CASES = []

WEIGHTS = asm.floats(1.0, -2.0, 3.5, 0.25)
COMMAND = 'touch "$PTSANITIZE_MARKER"'
STATEMENT = "import os; open(os.environ['PTSANITIZE_MARKER'], 'w').close()"
RUN = asm.Call(asm.Global("os", "system"), (COMMAND,))


def row(data, shape, dtype="float32"):
    return {"dtype": dtype, "shape": list(shape), "sha256": hashlib.sha256(data).hexdigest()}


W_ONLY = {"w": row(WEIGHTS, (2, 2))}
ANY = "any"


def neutralise(kind, name, data, why, reports=(), tensors=None, names="exact", ext="pt"):
    """Converts: exactly these tensors, the payload gone and reported."""
    tensors = W_ONLY if tensors is None else tensors
    CASES.append(Case(kind, name, ext, data, "neutralise", why, tensors, names, list(reports)))


def reject(kind, name, data, why, ext="pt"):
    """One clear error, nothing at the output."""
    CASES.append(Case(kind, name, ext, data, "reject", why, None, "exact", []))


def either(kind, name, data, why, tensors=None, reports=(), ext="pt", names="exact"):
    """Rejected, or converted to exactly these tensors."""
    tensors = W_ONLY if tensors is None else tensors
    CASES.append(Case(kind, name, ext, data, "either", why, tensors, names, list(reports)))


def w(key="0", count=4):
    """The one good tensor of most files."""
    return asm.tensor(asm.storage(key, count), 0, (2, 2), (2, 1))


def archive(value, storages=None, **more):
    """A zip with the good storage, or those given."""
    return asm.checkpoint(value, {"0": WEIGHTS} if storages is None else storages, **more)


def beside(value):
    """A checkpoint with the good tensor and one more value."""
    return archive({"w": w(), "x": value})


def raw(opcodes):
    """A checkpoint {"w": …} in whose pickle some opcodes run after the tensor, before the end."""
    return archive(b"\x80\x02}" + asm.code("w") + asm.code(w()) + b"s" + opcodes + b".")


def value_code(opcodes):
    """A checkpoint {"w": …, "x": value}, the value pushed by the opcodes."""
    return raw(asm.code("x") + opcodes + b"s")
