package org.ptsanitize.formats.pickle;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;

/**
 * Writes a protocol-2 pickle opcode by opcode, in the spellings that {@code torch.load(weights_only=True)} accepts from
 * PyTorch 1.13 on ({@link #real} needs 2.2). It streams through a small buffer; {@link #stop} hands the last bytes on.
 * The caller keeps the order of a stack machine: first the parts, then the opcode that takes them.
 */
public final class PickleWriter {
    private static final int LONGEST_INTEGER = 255;
    private static final long LONGEST_TEXT = 0xffff_ffffL;

    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 13];
    private int filled;
    private long flushed;

    /** Writes to a stream, which stays open. */
    public PickleWriter(OutputStream out) {
        this.out = out;
    }

    /** The number of bytes written so far, those still in the buffer included. */
    public long position() {
        return flushed + filled;
    }

    /** Announces protocol 2: the first opcode. */
    public void proto() throws IOException {
        op(Opcode.PROTO);
        u1(2);
    }

    /** Ends the pickle; the value on the stack is its result. Flushes the buffer. */
    public void stop() throws IOException {
        op(Opcode.STOP);
        flush();
    }

    /** Hands what is buffered to the stream. */
    public void flush() throws IOException {
        out.write(buffer, 0, filled);
        flushed += filled;
        filled = 0;
    }

    public void none() throws IOException {
        op(Opcode.NONE);
    }

    public void bool(boolean value) throws IOException {
        op(value ? Opcode.NEWTRUE : Opcode.NEWFALSE);
    }

    /** An integer in its shortest form. */
    public void integer(long value) throws IOException {
        if (value >= 0 && value <= 0xff) {
            op(Opcode.BININT1);
            u1((int) value);
        } else if (value >= 0 && value <= 0xffff) {
            op(Opcode.BININT2);
            u1((int) value);
            u1((int) value >> 8);
        } else if (value == (int) value) {
            op(Opcode.BININT);
            u4((int) value);
        } else {
            longInteger(BigInteger.valueOf(value));
        }
    }

    /**
     * An integer of any size that LONG1 holds.
     *
     * @throws IllegalArgumentException if it needs more than 255 bytes
     */
    public void integer(BigInteger value) throws IOException {
        if (value.bitLength() < Long.SIZE) {
            integer(value.longValue());
        } else {
            longInteger(value);
        }
    }

    private void longInteger(BigInteger value) throws IOException {
        byte[] bigEndian = value.toByteArray();
        if (bigEndian.length > LONGEST_INTEGER) {
            throw new IllegalArgumentException("an integer of " + bigEndian.length + " bytes, at most "
                    + LONGEST_INTEGER + " fit in a protocol-2 pickle");
        }
        op(Opcode.LONG1);
        u1(bigEndian.length);
        for (int i = bigEndian.length - 1; i >= 0; i--) {
            u1(bigEndian[i]);
        }
    }

    public void real(double value) throws IOException {
        op(Opcode.BINFLOAT);
        long bits = Double.doubleToRawLongBits(value);
        for (int shift = Long.SIZE - 8; shift >= 0; shift -= 8) {
            u1((int) (bits >> shift));
        }
    }

    /** A string; unpaired surrogates are written as Python's {@code surrogatepass} does. */
    public void text(String value) throws IOException {
        long length = utf8Length(value);
        if (length > LONGEST_TEXT) {
            throw new IllegalArgumentException("a text of " + length + " bytes does not fit in a protocol-2 pickle");
        }
        op(Opcode.BINUNICODE);
        u4((int) length);
        utf8(value);
    }

    public void emptyTuple() throws IOException {
        op(Opcode.EMPTY_TUPLE);
    }

    /** A tuple of the last value. */
    public void tuple1() throws IOException {
        op(Opcode.TUPLE1);
    }

    /** A tuple of the last two values. */
    public void tuple2() throws IOException {
        op(Opcode.TUPLE2);
    }

    /** A tuple of the last three values. */
    public void tuple3() throws IOException {
        op(Opcode.TUPLE3);
    }

    /** Begins the values that {@link #tuple}, {@link #appends} or {@link #setItems} take. */
    public void mark() throws IOException {
        op(Opcode.MARK);
    }

    /** A tuple of the values since the last mark. */
    public void tuple() throws IOException {
        op(Opcode.TUPLE);
    }

    public void emptyList() throws IOException {
        op(Opcode.EMPTY_LIST);
    }

    /** Appends the last value to the list below it. */
    public void append() throws IOException {
        op(Opcode.APPEND);
    }

    /** Appends the values since the last mark to the list below it. */
    public void appends() throws IOException {
        op(Opcode.APPENDS);
    }

    public void emptyDict() throws IOException {
        op(Opcode.EMPTY_DICT);
    }

    /** Puts the last two values, key and value, into the mapping below them. */
    public void setItem() throws IOException {
        op(Opcode.SETITEM);
    }

    /** Puts the keys and values since the last mark into the mapping below it. */
    public void setItems() throws IOException {
        op(Opcode.SETITEMS);
    }

    public void emptySet() throws IOException {
        op(Opcode.EMPTY_SET);
    }

    /**
     * A global by name.
     *
     * @throws IllegalArgumentException if a part has a line end or an unpaired surrogate
     */
    public void global(String module, String name) throws IOException {
        checkLine(module);
        checkLine(name);
        op(Opcode.GLOBAL);
        utf8(module);
        u1('\n');
        utf8(name);
        u1('\n');
    }

    /** The result of calling the value below with the tuple above it. */
    public void reduce() throws IOException {
        op(Opcode.REDUCE);
    }

    /** Gives the last value as state to the one below it. */
    public void build() throws IOException {
        op(Opcode.BUILD);
    }

    /** A new object of the class below, made with the tuple above it. */
    public void newObject() throws IOException {
        op(Opcode.NEWOBJ);
    }

    /** What the container has under the last value as its id. */
    public void persistentId() throws IOException {
        op(Opcode.BINPERSID);
    }

    /** Remembers the last value under an index of 0 or more. */
    public void put(int index) throws IOException {
        memo(index, Opcode.BINPUT, Opcode.LONG_BINPUT);
    }

    /** The value that was remembered under an index. */
    public void get(int index) throws IOException {
        memo(index, Opcode.BINGET, Opcode.LONG_BINGET);
    }

    private void memo(int index, Opcode small, Opcode large) throws IOException {
        if (index < 0) {
            throw new IllegalArgumentException("a negative memo index: " + index);
        }
        if (index <= 0xff) {
            op(small);
            u1(index);
        } else {
            op(large);
            u4(index);
        }
    }

    private static void checkLine(String line) {
        for (int i = 0; i < line.length(); i++) {
            int point = line.codePointAt(i);
            if (point == '\n' || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
                throw new IllegalArgumentException("a global's name with a line end or an unpaired surrogate");
            }
            i += Character.charCount(point) - 1;
        }
    }

    private static long utf8Length(String value) {
        long length = 0;
        for (int i = 0; i < value.length(); ) {
            int point = value.codePointAt(i);
            length += Utf8.width(point);
            i += Character.charCount(point);
        }
        return length;
    }

    private void utf8(String value) throws IOException {
        for (int i = 0; i < value.length(); ) {
            int point = value.codePointAt(i);
            int width = Utf8.width(point);
            if (width == 1) {
                u1(point);
            } else {
                u1((0xf00 >> width) | (point >> (6 * (width - 1))));
                for (int shift = 6 * (width - 2); shift >= 0; shift -= 6) {
                    u1(0x80 | ((point >> shift) & 0x3f));
                }
            }
            i += Character.charCount(point);
        }
    }

    private void op(Opcode opcode) throws IOException {
        u1(opcode.code());
    }

    private void u4(int value) throws IOException {
        u1(value);
        u1(value >> 8);
        u1(value >> 16);
        u1(value >> 24);
    }

    /** Writes the low byte of a number. */
    private void u1(int value) throws IOException {
        if (filled == buffer.length) {
            flush();
        }
        buffer[filled++] = (byte) value;
    }
}
