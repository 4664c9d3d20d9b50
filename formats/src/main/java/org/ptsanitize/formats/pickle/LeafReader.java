package org.ptsanitize.formats.pickle;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.ptsanitize.formats.bytes.ByteRange;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/** Turns the arguments of opcodes into values without parts. */
final class LeafReader {
    private static final long RANGE_BYTES = Meter.object(2, 0) + Meter.object(1, 16);
    private static final long MEMORY_SOURCE_BYTES = Meter.object(2, 0) + Meter.aligned(16);
    private static final long REAL_BYTES = Meter.object(0, 8);
    private static final long BIG_BYTES = Meter.object(1, 0) + Meter.object(1, 20) + 16;

    private final PickleInput in;
    private final Meter meter;
    private final LeafCache cache;

    LeafReader(PickleInput in, Meter meter) {
        this.in = in;
        this.meter = meter;
        this.cache = new LeafCache(meter);
    }

    PickleValue integer(long value) throws IOException {
        return cache.integer(value);
    }

    PickleValue real(double value) throws IOException {
        meter.take(REAL_BYTES);
        return new Real(value);
    }

    /** LONG1 and LONG4: two's complement, little-endian. */
    PickleValue longInteger(int length) throws IOException {
        if (length < 0) {
            throw meter.malformed(meter.opcode() + " with the negative length " + length);
        }
        in.require(length);
        meter.check(Limit.INTEGER, length);
        if (length > Long.BYTES) {
            return big(new BigInteger(reversed(in.bytes(length))));
        }
        int start = in.take(length);
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | (i == length - 1 ? in.window()[start + i] : in.window()[start + i] & 0xff);
        }
        return cache.integer(value);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private PickleValue big(BigInteger value) throws IOException {
        if (value.bitLength() < Long.SIZE) {
            return cache.integer(value.longValue());
        }
        meter.take(BIG_BYTES + Meter.aligned(value.bitLength() / 8 + 4));
        return new BigInt(value);
    }

    /** INT, where {@code 00} and {@code 01} are the booleans. */
    PickleValue intLine() throws IOException {
        byte[] line = in.line();
        if (line.length == 2 && line[0] == '0' && (line[1] == '0' || line[1] == '1')) {
            return Bool.of(line[1] == '1');
        }
        return big(PythonLiterals.integer(line, line.length, meter));
    }

    PickleValue longLine() throws IOException {
        byte[] line = in.line();
        int length = line.length > 0 && line[line.length - 1] == 'L' ? line.length - 1 : line.length;
        return big(PythonLiterals.integer(line, length, meter));
    }

    PickleValue floatLine() throws IOException {
        return real(PythonLiterals.real(in.line(), meter));
    }

    /** Text of so many bytes of UTF-8. */
    Text text(long length) throws IOException {
        in.require(length);
        meter.check(Limit.TEXT, length);
        if (length > PickleInput.WINDOW) {
            byte[] bytes = in.bytes(arrayLength(length));
            return cache.text(bytes, 0, bytes.length);
        }
        int start = in.take((int) length);
        return cache.text(in.window(), start, start + (int) length);
    }

    Text unicodeLine() throws IOException {
        byte[] line = in.line();
        meter.borrow(5L * line.length);
        String text = PythonLiterals.rawUnicode(line, meter);
        return cache.paid(text, 2L * text.length());
    }

    /** A line that a container gives a meaning to: ASCII, as Python demands. */
    Text persistentIdLine() throws IOException {
        byte[] line = in.line();
        if (!Utf8.isAscii(line, 0, line.length)) {
            throw meter.malformed(meter.opcode() + " with an id that is not ASCII");
        }
        return cache.text(line, 0, line.length);
    }

    /** One line of a global's name, kept exactly. */
    String nameLine() throws IOException {
        return Utf8.decodeStrict(in.line(), meter);
    }

    long memoIndexLine() throws IOException {
        return PythonLiterals.memoIndex(in.line(), meter);
    }

    Bytes bytes(BytesKind kind, long length) throws IOException {
        if (length < 0) {
            throw meter.malformed(meter.opcode() + " with the negative length " + length);
        }
        meter.take(RANGE_BYTES);
        return new Bytes(kind, in.range(length));
    }

    /** STRING: the bytes between its quotes, with escapes resolved. */
    Bytes stringLine() throws IOException {
        byte[] line = in.line();
        PythonLiterals.checkQuotes(line, meter);
        meter.borrow(4L * line.length);
        byte[] bytes = PythonLiterals.unescape(line, meter);
        meter.take(RANGE_BYTES + MEMORY_SOURCE_BYTES + Meter.aligned(bytes.length));
        return new Bytes(
                BytesKind.STRING, new ByteRange(MemorySource.of("a text in the pickle", bytes), 0, bytes.length));
    }

    /**
     * A name that STACK_GLOBAL found on the stack. Python 2 text costs its length each time it is used: it has to be
     * read again.
     */
    String name(PickleValue value) throws IOException {
        if (value instanceof Text text) {
            return text.value();
        }
        if (value instanceof Bytes bytes
                && bytes.kind() == BytesKind.STRING
                && bytes.length() <= Globals.LONGEST_NAME) {
            meter.take(bytes.length());
            byte[] ascii = bytes.range().read().array();
            if (Utf8.isAscii(ascii, 0, ascii.length)) {
                return new String(ascii, StandardCharsets.US_ASCII);
            }
        }
        throw meter.malformed("the name of a global is computed: " + Kinds.of(value) + " where a text is expected");
    }

    private int arrayLength(long length) throws FileFormatException {
        if (length > Integer.MAX_VALUE - 8) {
            throw meter.unsupported(meter.opcode() + " with a text of " + length + " bytes");
        }
        return (int) length;
    }
}
