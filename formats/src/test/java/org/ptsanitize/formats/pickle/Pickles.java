package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.PySet;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/** Small pickles for tests: assembled from parts, read, and shown as text. */
final class Pickles {
    private Pickles() {}

    /** Bytes of opcodes, of numbers (one byte each), of text (Latin-1) and of arrays. */
    static byte[] bytes(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof Opcode opcode) {
                out.write(opcode.code());
            } else if (part instanceof Integer number) {
                out.write(number);
            } else if (part instanceof String text) {
                out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
            } else if (part instanceof byte[] array) {
                out.writeBytes(array);
            } else {
                throw new IllegalArgumentException("no bytes: " + part);
            }
        }
        return out.toByteArray();
    }

    static byte[] u4(long value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) value)
                .array();
    }

    static byte[] u8(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    /** The limits of a process with a heap of 512 MiB. */
    static Limits smallHeap() {
        return Limits.defaults().with(Limit.MEMORY, (512L << 20) / 100 * 55);
    }

    static Pickle pickle(Object... parts) throws IOException {
        return read(bytes(parts), smallHeap());
    }

    static Pickle read(byte[] bytes, Limits limits) throws IOException {
        return PickleMachine.read(MemorySource.of("test", bytes), 0, new Budget(limits));
    }

    /** The result of a pickle, as text. */
    static String shown(Object... parts) throws IOException {
        return show(pickle(parts).root());
    }

    /** The message that reading a pickle ends with. */
    static String error(Object... parts) {
        return assertThrows(FileFormatException.class, () -> pickle(parts)).getMessage();
    }

    /** A value that has no cycles and is not deep, close to how Python prints it. */
    static String show(PickleValue value) throws IOException {
        if (value instanceof None) {
            return "None";
        } else if (value instanceof Bool bool) {
            return bool.value() ? "True" : "False";
        } else if (value instanceof Int integer) {
            return Long.toString(integer.value());
        } else if (value instanceof BigInt integer) {
            return integer.value() + "n";
        } else if (value instanceof Real real) {
            return Double.toString(real.value());
        } else if (value instanceof Text text) {
            return "'" + text.value() + "'";
        } else if (value instanceof Bytes bytes) {
            return bytes.kind() + "'"
                    + StandardCharsets.ISO_8859_1.decode(bytes.range().read()) + "'";
        } else if (value instanceof Global global) {
            return "<" + global.module() + " " + global.name() + ">";
        } else if (value instanceof Tuple tuple) {
            return "(" + all(tuple.items()) + ")";
        } else if (value instanceof PyList list) {
            return "[" + all(list.items()) + "]";
        } else if (value instanceof Dict dict) {
            return "{" + entries(dict.entries()) + "}";
        } else if (value instanceof PySet set) {
            return (set.frozen() ? "frozenset" : "set") + "{" + all(set.items()) + "}";
        } else if (value instanceof PersistentId id) {
            return "id@" + id.offset() + " " + show(id.id());
        } else if (value instanceof Call call) {
            return call.kind() + "@" + call.offset() + " " + show(call.callable()) + show(call.arguments())
                    + (call.keywords() == None.NONE ? "" : " keywords " + show(call.keywords()))
                    + (call.states().isEmpty() ? "" : " states " + all(call.states()))
                    + (call.items().isEmpty() ? "" : " items " + all(call.items()))
                    + (call.entries().isEmpty() ? "" : " entries " + entries(call.entries()));
        }
        throw new AssertionError(value);
    }

    private static String all(List<PickleValue> values) throws IOException {
        List<String> shown = new ArrayList<>();
        for (PickleValue value : values) {
            shown.add(show(value));
        }
        return String.join(", ", shown);
    }

    private static String entries(EntryBuffer entries) throws IOException {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            shown.add(show(entries.key(i)) + ": " + show(entries.value(i)));
        }
        return String.join(", ", shown);
    }
}
