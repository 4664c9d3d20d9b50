"""Payloads: every way to say `call this` in a pickle, and every place to hide it."""

import collections

import assemble as asm
from hostile import (
    ANY,
    COMMAND,
    RUN,
    STATEMENT,
    WEIGHTS,
    archive,
    beside,
    either,
    neutralise,
    raw,
    reject,
    value_code,
    w,
    W_ONLY,
)

G, C = asm.Global, asm.Call
short = asm.short_text


def build():
    reduce_calls()
    other_opcodes()
    hidden()
    indirect()
    in_rebuild_calls()


def reduce_calls():
    for module, name, argument in (
        ("os", "system", COMMAND),
        ("posix", "system", COMMAND),
        ("subprocess", "getoutput", COMMAND),
        ("builtins", "exec", STATEMENT),
        ("runpy", "_run_code", STATEMENT),
        ("timeit", "timeit", STATEMENT),
        ("torch.utils.cpp_extension", "load_inline", COMMAND),
    ):
        neutralise(
            "gadget_reduce",
            "%s_%s" % (module.replace(".", "_"), name),
            beside(C(G(module, name), (argument,))),
            "A call of %s.%s as a value beside the weights." % (module, name),
            [module + "." + name],
        )
    for module, name in (("__builtin__", "eval"), ("commands", "getoutput")):
        shown = {"__builtin__.eval": "builtins.eval"}.get(module + "." + name, module + "." + name)
        neutralise(
            "py2_names",
            "%s_%s" % (module.strip("_"), name),
            beside(C(G(module, name), (COMMAND,))),
            "A call under its Python 2 name.",
            [shown],
        )


def other_opcodes():
    call = asm.code(COMMAND)
    neutralise(
        "gadget_stack_global",
        "protocol4",
        archive(
            b"\x80\x04}"
            + short("w")
            + asm.code(w())
            + b"s"
            + short("x")
            + short("os")
            + short("system")
            + b"\x93"
            + call
            + b"\x85Rs."
        ),
        "STACK_GLOBAL takes its names from the stack.",
        ["os.system"],
    )
    neutralise(
        "stack_global_decoy",
        "memo_swap",
        archive(
            b"\x80\x04}"
            + short("w")
            + asm.code(w())
            + b"s"
            + short("x")
            + short("os")
            + b"\x940"
            + short("system")
            + b"\x940"
            + short("collections")
            + b"0"
            + short("OrderedDict")
            + b"0h\x00h\x01\x93"
            + call
            + b"\x85Rs."
        ),
        "The strings before STACK_GLOBAL are decoys; the operands come from the memo.",
        ["os.system"],
    )
    reject(
        "stack_global_decoy",
        "operand_not_text",
        raw(b"K\x01K\x02\x93" + b"0"),
        "STACK_GLOBAL over two integers names nothing.",
    )
    neutralise(
        "gadget_inst_obj",
        "inst",
        value_code(b"(" + call + b"ios\nsystem\n"),
        "INST calls without REDUCE.",
        ["os.system"],
    )
    neutralise(
        "gadget_inst_obj",
        "obj_popped",
        raw(b"(" + asm.code(G("os", "system")) + call + b"o0"),
        "OBJ calls, POP removes the trace.",
        ["os.system"],
    )
    neutralise(
        "gadget_discarded",
        "pop",
        raw(asm.code(RUN) + b"0"),
        "The result of the call is popped.",
        ["os.system"],
    )
    neutralise(
        "gadget_discarded",
        "under_the_result",
        archive(b"\x80\x02" + asm.code(RUN) + asm.code({"w": w()}) + b"."),
        "The call stays on the stack below the result.",
        ["os.system"],
    )
    neutralise(
        "gadget_discarded",
        "pop_mark",
        raw(b"(" + asm.code(RUN) + b"1"),
        "POP_MARK throws the call away.",
        ["os.system"],
    )
    neutralise(
        "gadget_newobj",
        "newobj",
        beside(asm.NewObj(G("subprocess", "Popen"), ([["touch"]],))),
        "NEWOBJ runs a constructor.",
        ["subprocess.Popen"],
    )
    neutralise(
        "gadget_newobj",
        "newobj_ex",
        value_code(
            asm.code(G("subprocess", "Popen")) + asm.code((COMMAND,)) + asm.code({"shell": True}) + b"\x92"
        ),
        "NEWOBJ_EX runs a constructor with keywords.",
        ["subprocess.Popen"],
    )
    neutralise(
        "gadget_build",
        "setstate",
        beside(
            asm.Build(
                asm.NewObj(G("asyncio.unix_events", "_UnixSubprocessTransport"), ()), {"_args": COMMAND}
            )
        ),
        "BUILD hands a state to a class that acts on it.",
        ["asyncio.unix_events._UnixSubprocessTransport"],
    )
    neutralise(
        "gadget_build",
        "ordered_dict_items",
        archive(
            asm.Build(
                collections.OrderedDict([("w", w())]), {"items": RUN, "_metadata": {"": {"version": 1}}}
            )
        ),
        "The state of an OrderedDict hides its items() behind an attribute.",
        ["os.system"],
    )
    for opcode, name in (
        (b"\x82\x01", "ext1"),
        (b"\x83\x01\x00", "ext2"),
        (b"\x84\xff\xff\xff\xff", "negative_ext4"),
    ):
        reject(
            "ext_opcodes",
            name,
            value_code(opcode + b")R"),
            "An extension code names a call that no one can see.",
        )


def hidden():
    neutralise(
        "trailing_stream",
        "second_pickle",
        archive(asm.pickle({"w": w()}) + asm.pickle(RUN)),
        "A second pickle follows STOP; torch never reads it.",
        ["os.system"],
    )
    reject(
        "broken_after_payload",
        "truncated",
        archive(b"\x80\x02" + asm.code({"w": w(), "x": RUN})[:-4]),
        "The payload comes first, then the stream ends.",
    )
    reject(
        "broken_after_payload",
        "unknown_opcode",
        archive(b"\x80\x02" + asm.code(RUN) + b"0\xf7."),
        "The payload comes first, then an opcode that does not exist.",
    )
    neutralise(
        "payload_position",
        "as_key",
        archive(asm.Pairs([("w", w()), (RUN, 1)])),
        "The call is a key of the mapping.",
        ["os.system"],
        names=ANY,
    )
    neutralise(
        "payload_position",
        "in_tuple_key",
        archive(asm.Pairs([("w", w()), ((1, RUN), 1)])),
        "The call is inside a key.",
        ["os.system"],
        names=ANY,
    )
    neutralise(
        "payload_position",
        "deep",
        archive({"model": {"w": w()}, "state": [({"a": [RUN]},)]}),
        "The call is four containers deep.",
        ["os.system"],
        {"model.w": W_ONLY["w"]},
        names=ANY,
    )
    inner = asm.pickle(RUN)
    neutralise(
        "nested_pickle",
        "pickle_loads",
        beside(C(G("pickle", "loads"), (inner,))),
        "The payload is a pickle inside a bytes object.",
        ["pickle.loads"],
    )
    nested = asm.legacy({"x": RUN}, {})
    either(
        "nested_pickle",
        "load_from_bytes",
        beside(C(G("torch.storage", "_load_from_bytes"), (nested,))),
        "A whole legacy file inside a bytes object, and the payload in that.",
        reports=["torch.storage._load_from_bytes"],
    )
    reject("persid_misuse", "text_persid", value_code(b"Pstorage\n"), "A text persistent id is no storage.")
    reject(
        "persid_misuse",
        "as_storage",
        archive({"w": asm.tensor(asm.Pid(("module", G("os", "system"), "f", "s")), 0, (2, 2), (2, 1))}),
        "A module id where a storage belongs.",
    )
    legacy_hidden()


def legacy_hidden():
    store = {"0": (4, WEIGHTS)}
    good = {"w": asm.tensor(asm.legacy_storage("0", 4), 0, (2, 2), (2, 1))}
    magic = asm.pickle(C(G("builtins", "eval"), ("0x1950a86a20f9469cfc6c",)))
    reject(
        "legacy_magic",
        "by_eval",
        asm.legacy(good, store, magic=magic),
        "The magic number is computed by eval.",
    )
    neutralise(
        "legacy_aux_payload",
        "sys_info",
        asm.legacy(
            good,
            store,
            sys_info=asm.pickle({"protocol_version": 1001, "little_endian": True, "type_sizes": RUN}),
        ),
        "The payload is in the system information, which nobody needs.",
        ["os.system"],
    )
    keys = asm.Raw(asm.code(RUN) + b"0" + asm.code(["0"]))
    neutralise(
        "legacy_aux_payload",
        "key_list",
        asm.legacy(good, store, keys=keys),
        "The payload is in the pickle that lists the storages.",
        ["os.system"],
    )
    cls = asm.Pid(("module", G("models", "Net"), "../../../etc/passwd", "import os\n" + STATEMENT))
    state = {"_parameters": {"w": good["w"]}, "_buffers": {}, "_modules": {}, "training": False}
    neutralise(
        "legacy_aux_payload",
        "module_source",
        asm.legacy(asm.Build(asm.NewObj(cls, ()), state), store),
        "A module class brings source text and a path; neither may be opened, run or kept.",
        ["models.Net"],
    )


def indirect():
    module = C(G("importlib", "import_module"), ("os",))
    neutralise(
        "attr_chain",
        "attrgetter",
        beside(C(C(C(G("operator", "attrgetter"), ("system",)), (module,)), (COMMAND,))),
        "The function is looked up by attrgetter.",
        ["operator.attrgetter", "importlib.import_module"],
    )
    neutralise(
        "attr_chain",
        "getattr",
        beside(C(C(G("builtins", "getattr"), (module, "system")), (COMMAND,))),
        "getattr finds the function, then it is called.",
        ["builtins.getattr", "importlib.import_module"],
    )
    neutralise(
        "attr_chain",
        "resolve_name",
        beside(C(C(G("pkgutil", "resolve_name"), ("os:system",)), (COMMAND,))),
        "A name is resolved from text.",
        ["pkgutil.resolve_name"],
    )
    neutralise(
        "attr_chain",
        "partial",
        beside(C(C(G("functools", "partial"), (G("os", "system"),)), (COMMAND,))),
        "partial carries the function.",
        ["functools.partial", "os.system"],
    )
    neutralise(
        "dotted_global",
        "below_an_allowed_module",
        archive(
            b"\x80\x04}"
            + short("w")
            + asm.code(w())
            + b"s"
            + short("x")
            + short("torch._utils")
            + short("sys.modules.os.system")
            + b"\x93"
            + asm.code(COMMAND)
            + b"\x85Rs."
        ),
        "A dotted name walks from an allowed module to a forbidden one.",
        ["torch._utils.sys.modules.os.system"],
    )
    neutralise(
        "dotted_global",
        "prefix",
        beside(C(G("torch._utils.evil", "run"), (COMMAND,))),
        "A module whose name begins like an allowed one.",
        ["torch._utils.evil.run"],
    )
    neutralise(
        "name_spoof",
        "trailing_return",
        value_code(b"ccollections\r\nOrderedDict\n)R"),
        "A carriage return belongs to the module's name: this is no OrderedDict.",
    )
    reject(
        "name_spoof",
        "storage_of_other_module",
        archive(
            {
                "w": asm.tensor(
                    asm.Pid(("storage", G("evil", "FloatStorage"), "0", "cpu", 4)), 0, (2, 2), (2, 1)
                )
            }
        ),
        "The class of a storage is FloatStorage of a module that is not torch.",
    )


def in_rebuild_calls():
    neutralise(
        "rebuild_arg_payload",
        "hooks",
        archive(
            {"w": asm.tensor(asm.storage("0", 4), 0, (2, 2), (2, 1), hooks=C(asm.OrderedDict, ([(1, RUN)],)))}
        ),
        "The payload is among the backward hooks of the tensor.",
        ["os.system"],
    )
    either(
        "rebuild_arg_payload",
        "size",
        archive({"w": w(), "x": asm.tensor(asm.storage("0", 4), 0, (RUN,), (1,))}),
        "The payload stands where a size belongs.",
        reports=["os.system"],
    )
    neutralise(
        "rebuild_call_redirect",
        "from_type",
        beside(
            C(
                G("torch._tensor", "_rebuild_from_type_v2"),
                (G("os", "system"), G("torch", "Tensor"), (COMMAND,), {}),
            )
        ),
        "An allowed rebuild function is asked to call any other.",
        ["os.system"],
    )
    either(
        "rebuild_arg_payload",
        "state_with_data",
        archive(
            {
                "w": C(
                    G("torch._utils", "_rebuild_parameter_with_state"),
                    (w(), True, asm.NO_HOOKS, {"data": asm.tensor(asm.storage("0", 4), 0, (4,), (1,))}),
                )
            }
        ),
        "The state of a parameter names another tensor as its data.",
        names=ANY,
    )
    for name, opcodes in (
        ("setitem_on_tensor", asm.code(w()) + b"K\x00K\x01s"),
        ("append_to_dict", b"}Na"),
        ("odd_setitems", b"}(Nu"),
        ("additems_on_list", b"](N\x90"),
    ):
        reject("setitem_on_tensor", name, value_code(opcodes), "An opcode changes what it cannot change.")
