package org.ptsanitize.formats.pickle;

import java.io.IOException;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.CallKind;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.PySet;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * Reads a pickle as a description. It follows every opcode of protocols 0 to 5 on a stack and a memo, as Python's
 * unpickler does, but where that one would import a name or call it, this one writes down the name or the call. Each
 * opcode pays for its step and its heap; nothing here recurses.
 */
public final class PickleMachine {
    private static final int HIGHEST_PROTOCOL = 5;
    private static final long CALL_BYTES = Meter.object(4, 8);
    private static final long PERSISTENT_ID_BYTES = Meter.object(1, 8);
    private static final long TUPLE_BYTES = Meter.object(1, 0);
    private static final long LIST_BYTES = Meter.object(1, 0) + ValueBuffer.BYTES;
    private static final long DICT_BYTES = Meter.object(1, 0) + EntryBuffer.BYTES;
    private static final long SET_BYTES = Meter.object(1, 1) + ValueBuffer.BYTES;

    private final Budget budget;
    private final boolean rawArrays;
    private final boolean framed;
    private final Meter meter;
    private final PickleInput in;
    private final LeafReader leaves;
    private final OperandStack stack;
    private final ShapeCache shapes = new ShapeCache();
    private final Attacher attacher;
    private final Memo memo;
    private final Globals globals;
    private final ValueBuffer<Call> calls = new ValueBuffer<>();
    private final ValueBuffer<PersistentId> persistentIds = new ValueBuffer<>();
    private final long start;
    private int protocol;

    private PickleMachine(ByteSource source, long offset, Budget budget, boolean rawArrays, boolean framed)
            throws FileFormatException {
        this.budget = budget;
        this.rawArrays = rawArrays;
        this.start = offset;
        this.framed = framed;
        meter = new Meter(budget);
        in = new PickleInput(source, offset, meter, framed);
        leaves = new LeafReader(in, meter);
        stack = new OperandStack(meter);
        attacher = new Attacher(stack, meter);
        memo = new Memo(meter);
        globals = new Globals(meter);
    }

    /**
     * Reads the pickle that begins at {@code offset}, to its STOP. What follows is not looked at. Byte offsets in errors
     * and values count from the start of the source. The values' heap stays paid for; what the run itself needed is
     * given back to the budget.
     *
     * @throws FileFormatException if the bytes are no pickle, use a feature that needs something outside it, or exceed
     *     the budget
     */
    public static Pickle read(ByteSource source, long offset, Budget budget) throws IOException {
        return new PickleMachine(source, offset, budget, false, true).run();
    }

    /**
     * Reads a pickle that may be joblib's, where the bytes of an array follow the BUILD of its wrapper. They become one
     * more state of that wrapper: the bytes, or for an array of objects the value of the pickle in that place. A pickle
     * without such wrappers is read as by {@link #read}.
     */
    public static Pickle readWithArrays(ByteSource source, long offset, Budget budget) throws IOException {
        return new PickleMachine(source, offset, budget, true, true).run();
    }

    /**
     * Follows a pickle as far as it can be followed, for those who want to know what it would have done until then. What
     * it holds stays paid for.
     *
     * @param arrays whether the pickle may be joblib's, as in {@link #readWithArrays}
     * @param framed whether a frame that lies about its length ends it; it does not for Python's unpickler in C
     */
    public static PickleTrace trace(ByteSource source, long offset, Budget budget, boolean arrays, boolean framed)
            throws IOException {
        PickleMachine machine = new PickleMachine(source, offset, budget, arrays, framed);
        Optional<FileFormatException> failure = Optional.empty();
        try {
            machine.toStop();
            machine.stack.pop();
        } catch (FileFormatException e) {
            failure = Optional.of(e);
        }
        return new PickleTrace(
                machine.protocol,
                machine.in.position(),
                machine.calls.asList(),
                machine.persistentIds.asList(),
                machine.globals.uses(),
                failure);
    }

    private void toStop() throws IOException {
        Opcode opcode = in.next();
        while (opcode != Opcode.STOP) {
            follow(opcode);
            opcode = in.next();
        }
        in.end();
    }

    private Pickle run() throws IOException {
        toStop();
        PickleValue root = stack.pop();
        meter.release(stack.heap() + memo.heap());
        return new Pickle(
                root,
                protocol,
                in.source(),
                start,
                in.position(),
                calls.asList(),
                persistentIds.asList(),
                globals.uses());
    }

    /** Follows one opcode. Error Prone keeps the list of cases complete. */
    private void follow(Opcode opcode) throws IOException {
        switch (opcode) {
            case PROTO -> announce(in.u1());
            case FRAME -> in.beginFrame(in.u8());
            case STOP -> throw new AssertionError(opcode);

            case NONE -> stack.push(None.NONE);
            case NEWTRUE -> stack.push(Bool.TRUE);
            case NEWFALSE -> stack.push(Bool.FALSE);
            case INT -> stack.push(leaves.intLine());
            case LONG -> stack.push(leaves.longLine());
            case BININT -> stack.push(leaves.integer(in.i4()));
            case BININT1 -> stack.push(leaves.integer(in.u1()));
            case BININT2 -> stack.push(leaves.integer(in.u2()));
            case LONG1 -> stack.push(leaves.longInteger(in.u1()));
            case LONG4 -> stack.push(leaves.longInteger(in.i4()));
            case FLOAT -> stack.push(leaves.floatLine());
            case BINFLOAT -> stack.push(leaves.real(in.f8()));
            case UNICODE -> stack.push(leaves.unicodeLine());
            case SHORT_BINUNICODE -> stack.push(leaves.text(in.u1()));
            case BINUNICODE -> stack.push(leaves.text(in.u4()));
            case BINUNICODE8 -> stack.push(leaves.text(in.u8()));
            case STRING -> stack.push(leaves.stringLine());
            case SHORT_BINSTRING -> stack.push(leaves.bytes(BytesKind.STRING, in.u1()));
            case BINSTRING -> stack.push(leaves.bytes(BytesKind.STRING, in.i4()));
            case SHORT_BINBYTES -> stack.push(leaves.bytes(BytesKind.BYTES, in.u1()));
            case BINBYTES -> stack.push(leaves.bytes(BytesKind.BYTES, in.u4()));
            case BINBYTES8 -> stack.push(leaves.bytes(BytesKind.BYTES, in.u8()));
            case BYTEARRAY8 -> stack.push(leaves.bytes(BytesKind.BYTEARRAY, in.u8()));

            case EMPTY_TUPLE -> stack.push(Tuple.of());
            case TUPLE1 -> stack.push(tuple(1));
            case TUPLE2 -> stack.push(tuple(2));
            case TUPLE3 -> stack.push(tuple(3));
            case TUPLE -> stack.push(tupleFrom(stack.popMark()));
            case EMPTY_LIST -> stack.push(newList());
            case LIST -> stack.push(list(stack.popMark()));
            case EMPTY_DICT -> stack.push(newDict());
            case DICT -> stack.push(dict(stack.popMark()));
            case EMPTY_SET -> stack.push(newSet(false));
            case FROZENSET -> stack.push(frozenSet(stack.popMark()));

            case APPEND -> attacher.append();
            case APPENDS -> attacher.appends();
            case SETITEM -> attacher.setItem();
            case SETITEMS -> attacher.setItems();
            case ADDITEMS -> attacher.addItems();
            case BUILD -> {
                attacher.build();
                if (rawArrays && JoblibArray.isWrapper(stack.top())) {
                    rawArray((Call) stack.top());
                }
            }

            case GLOBAL -> stack.push(globals.mention(leaves.nameLine(), leaves.nameLine()));
            case STACK_GLOBAL -> stack.push(stackGlobal());
            case REDUCE -> stack.push(call(CallKind.REDUCE));
            case NEWOBJ -> stack.push(call(CallKind.NEWOBJ));
            case NEWOBJ_EX -> stack.push(callWithKeywords());
            case OBJ -> stack.push(object(stack.popMark()));
            case INST -> stack.push(instance(stack.popMark()));
            case PERSID -> stack.push(persistentId(leaves.persistentIdLine()));
            case BINPERSID -> stack.push(persistentId(stack.pop()));
            case EXT1 -> throw extension(in.u1());
            case EXT2 -> throw extension(in.u2());
            case EXT4 -> throw extension(in.i4());
            case NEXT_BUFFER, READONLY_BUFFER ->
                throw meter.unsupported(opcode + " refers to a buffer that is kept outside the pickle");

            case MARK -> stack.mark();
            case POP -> stack.popValueOrMark();
            case POP_MARK -> stack.drop(stack.popMark());
            case DUP -> stack.push(stack.top());
            case GET -> stack.push(memo.get(leaves.memoIndexLine()));
            case BINGET -> stack.push(memo.get(in.u1()));
            case LONG_BINGET -> stack.push(memo.get(in.u4()));
            case PUT -> memo.put(leaves.memoIndexLine(), stack.top());
            case BINPUT -> memo.put(in.u1(), stack.top());
            case LONG_BINPUT -> memo.put(in.u4(), stack.top());
            case MEMOIZE -> memo.put(memo.size(), stack.top());
        }
    }

    private void rawArray(Call wrapper) throws IOException {
        JoblibArray array = JoblibArray.of(wrapper, meter);
        in.leaveFrame();
        if (array.objects()) {
            PickleMachine machine = new PickleMachine(in.source(), in.position(), budget, false, framed);
            Pickle inner;
            try {
                inner = machine.run();
            } finally {
                adopt(machine);
            }
            in.resume(inner.end());
            wrapper.attach(meter).states.add(inner.root(), meter);
            return;
        }
        if (array.aligned()) {
            in.range(in.u1());
        }
        meter.take(JoblibArray.BYTES);
        PickleValue raw = new PickleValue.Bytes(BytesKind.BYTES, in.range(array.length()));
        wrapper.attach(meter).states.add(raw, meter);
    }

    /** Takes over what a pickle in the place of an array did. */
    private void adopt(PickleMachine inner) throws FileFormatException {
        for (Call call : inner.calls.asList()) {
            calls.add(call, meter);
        }
        for (PersistentId id : inner.persistentIds.asList()) {
            persistentIds.add(id, meter);
        }
        for (GlobalUse use : inner.globals.uses()) {
            globals.mention(use.global().module(), use.global().name());
        }
    }

    private void announce(int announced) throws FileFormatException {
        if (announced > HIGHEST_PROTOCOL) {
            throw meter.malformed("PROTO " + announced + ", at most " + HIGHEST_PROTOCOL + " expected");
        }
        protocol = Math.max(protocol, announced);
    }

    private PickleValue tuple(int size) throws FileFormatException {
        return tupleFrom(stack.last(size));
    }

    private PickleValue tupleFrom(int start) throws FileFormatException {
        if (start == stack.size()) {
            return Tuple.of();
        }
        int slot = stack.shapeSlot(shapes, start);
        Tuple known = slot < 0 ? null : stack.findShape(shapes, slot, start);
        if (known != null) {
            stack.drop(start);
            return known;
        }
        meter.take(TUPLE_BYTES);
        Tuple tuple = Tuple.of(stack.popFrom(start));
        if (slot >= 0) {
            shapes.remember(slot, tuple);
        }
        return tuple;
    }

    private PyList newList() throws FileFormatException {
        meter.take(LIST_BYTES);
        return new PyList();
    }

    private PickleValue list(int start) throws FileFormatException {
        PyList list = newList();
        attacher.addAll(start, list.buffer());
        return list;
    }

    private Dict newDict() throws FileFormatException {
        meter.take(DICT_BYTES);
        return new Dict();
    }

    private PickleValue dict(int start) throws FileFormatException {
        Dict dict = newDict();
        attacher.putAll(start, dict.entries());
        return dict;
    }

    private PySet newSet(boolean frozen) throws FileFormatException {
        meter.take(SET_BYTES);
        return new PySet(frozen);
    }

    private PickleValue frozenSet(int start) throws FileFormatException {
        PySet set = newSet(true);
        attacher.addAll(start, set.buffer());
        return set;
    }

    private PickleValue stackGlobal() throws IOException {
        PickleValue name = stack.pop();
        PickleValue module = stack.pop();
        return globals.mention(leaves.name(module), leaves.name(name));
    }

    private PickleValue call(CallKind kind) throws FileFormatException {
        PickleValue arguments = stack.pop();
        return call(kind, stack.pop(), arguments);
    }

    private PickleValue callWithKeywords() throws FileFormatException {
        PickleValue keywords = stack.pop();
        PickleValue arguments = stack.pop();
        Call call = call(CallKind.NEWOBJ_EX, stack.pop(), arguments);
        call.attach(meter).keywords = keywords;
        return call;
    }

    private PickleValue object(int start) throws FileFormatException {
        if (start == stack.size()) {
            throw meter.malformed("OBJ without a class above its MARK");
        }
        PickleValue arguments = tupleFrom(start + 1);
        return call(CallKind.OBJ, stack.pop(), arguments);
    }

    private PickleValue instance(int start) throws IOException {
        PickleValue callable = globals.mention(leaves.nameLine(), leaves.nameLine());
        return call(CallKind.INST, callable, tupleFrom(start));
    }

    /** Python takes a tuple, or in its slow machine anything that can be iterated over: never a number or None. */
    private Call call(CallKind kind, PickleValue callable, PickleValue arguments) throws FileFormatException {
        if (arguments instanceof None
                || arguments instanceof Bool
                || arguments instanceof Int
                || arguments instanceof BigInt
                || arguments instanceof Real) {
            throw meter.malformed(kind + " with arguments that are no tuple");
        }
        meter.take(CALL_BYTES);
        Call call = new Call(kind, callable, arguments, meter.offset());
        calls.add(call, meter);
        return call;
    }

    private PickleValue persistentId(PickleValue value) throws FileFormatException {
        meter.take(PERSISTENT_ID_BYTES);
        PersistentId id = new PersistentId(value, meter.offset());
        persistentIds.add(id, meter);
        return id;
    }

    private FileFormatException extension(int code) {
        return code <= 0
                ? meter.malformed(meter.opcode() + " with the extension code " + code + ", 1 or more expected")
                : meter.unsupported(
                        meter.opcode() + " with the extension code " + code + ", a name that is not in the file");
    }
}
