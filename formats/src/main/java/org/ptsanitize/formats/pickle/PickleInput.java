package org.ptsanitize.formats.pickle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.ptsanitize.formats.bytes.ByteRange;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MalformedFileException;

/**
 * The bytes of one pickle from front to back, through a window. Nothing is read past the end of the source or, within a
 * frame, past the end of the frame; a length is compared with what is left before it is used.
 */
final class PickleInput {
    /** The most bytes that {@link #take} makes available at once. */
    static final int WINDOW = 1 << 16;

    private static final long NO_FRAME = -1;

    private final ByteSource source;
    private final long size;
    private final Meter meter;
    private final boolean framed;
    private final byte[] window;
    private long base;
    private int at;
    private int filled;
    private long frameEnd = NO_FRAME;

    /** @param framed whether frames bound what is read, or are only passed, as Python's own unpickler in C passes them */
    PickleInput(ByteSource source, long offset, Meter meter, boolean framed) throws MalformedFileException {
        source.checkRange(offset, 0);
        this.framed = framed;
        this.source = source;
        this.size = source.size();
        this.meter = meter;
        this.window = new byte[(int) Math.min(WINDOW, size - offset)];
        this.base = offset;
    }

    /** Position in the source of the next byte. */
    long position() {
        return base + at;
    }

    /** Pays for the next opcode and reads its byte; a frame that is used up ends here. */
    Opcode next() throws IOException {
        long position = position();
        meter.begin(position);
        if (position == frameEnd) {
            frameEnd = NO_FRAME;
        }
        if (at == filled) {
            if (position == size) {
                throw meter.malformed("the pickle ends without STOP");
            }
            refill();
        }
        int code = window[at++] & 0xff;
        Opcode opcode = Opcode.of(code);
        if (opcode == null) {
            throw meter.malformed("byte 0x" + HexFormat.of().toHexDigits((byte) code) + " is not an opcode");
        }
        meter.name(opcode);
        return opcode;
    }

    int u1() throws IOException {
        return window[take(1)] & 0xff;
    }

    int u2() throws IOException {
        int i = take(2);
        return (window[i] & 0xff) | (window[i + 1] & 0xff) << 8;
    }

    int i4() throws IOException {
        int i = take(4);
        return (window[i] & 0xff)
                | (window[i + 1] & 0xff) << 8
                | (window[i + 2] & 0xff) << 16
                | (window[i + 3] & 0xff) << 24;
    }

    long u4() throws IOException {
        return i4() & 0xffff_ffffL;
    }

    /** An unsigned 64-bit length; one that no file can have is an error here. */
    long u8() throws IOException {
        long length = u4() | u4() << 32;
        if (length < 0) {
            throw meter.malformed(
                    meter.opcode() + " with a length of " + Long.toUnsignedString(length) + ", more than any file has");
        }
        return length;
    }

    /** A big-endian float. */
    double f8() throws IOException {
        return ByteBuffer.wrap(window, take(8), 8).getDouble();
    }

    /** Consumes bytes, at most {@link #WINDOW}, and returns where in {@link #window} they lie until the next read. */
    int take(int count) throws IOException {
        if (filled - at < count || frameEnd != NO_FRAME) {
            require(count);
            if (filled - at < count) {
                refill();
            }
        }
        int start = at;
        at += count;
        return start;
    }

    byte[] window() {
        return window;
    }

    /** Consumes bytes without reading them. */
    ByteRange range(long length) throws MalformedFileException {
        require(length);
        ByteRange range = new ByteRange(source, position(), length);
        moveTo(position() + length);
        return range;
    }

    /** Consumes bytes into an array of their own, which is paid for until the next opcode. */
    byte[] bytes(int count) throws IOException {
        require(count);
        meter.borrow(Meter.aligned(16L + count));
        if (count <= WINDOW) {
            int start = take(count);
            return Arrays.copyOfRange(window, start, start + count);
        }
        byte[] bytes = new byte[count];
        source.readFully(position(), ByteBuffer.wrap(bytes));
        moveTo(position() + count);
        return bytes;
    }

    /** A line without its {@code \n}, which is consumed. */
    byte[] line() throws IOException {
        int end = newline(window, at, filled);
        if (end < 0) {
            return longLine();
        }
        checkLine(position() + end - at);
        byte[] line = Arrays.copyOfRange(window, at, end);
        at = end + 1;
        return line;
    }

    private byte[] longLine() throws IOException {
        byte[] part = new byte[WINDOW];
        for (long from = base + filled; from < size; from += part.length) {
            meter.check(Limit.TEXT, from - position());
            int count = (int) Math.min(part.length, size - from);
            source.readFully(from, ByteBuffer.wrap(part, 0, count));
            int found = newline(part, 0, count);
            if (found >= 0) {
                checkLine(from + found);
                byte[] line = bytes((int) (from + found - position()));
                moveTo(position() + 1);
                return line;
            }
        }
        throw meter.malformed(meter.opcode() + " with a line that has no end");
    }

    private void checkLine(long end) throws IOException {
        meter.check(Limit.TEXT, end - position());
        if (frameEnd != NO_FRAME && end >= frameEnd) {
            throw meter.malformed(
                    meter.opcode() + " with a line that crosses the end of its frame at byte " + frameEnd);
        }
    }

    private static int newline(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Begins a frame of so many bytes. */
    void beginFrame(long length) throws MalformedFileException {
        if (frameEnd != NO_FRAME && position() < frameEnd) {
            throw meter.malformed("FRAME inside a frame that ends at byte " + frameEnd);
        }
        if (length > size - position()) {
            throw meter.malformed("FRAME of " + length + " bytes, the data ends at byte " + size);
        }
        frameEnd = framed ? position() + length : NO_FRAME;
    }

    /** Leaves the frame that ends here; what follows are no opcodes. */
    void leaveFrame() throws MalformedFileException {
        if (frameEnd != NO_FRAME && position() < frameEnd) {
            throw meter.malformed("raw bytes inside a frame that ends at byte " + frameEnd);
        }
        frameEnd = NO_FRAME;
    }

    /** Goes on behind what was read by someone else. */
    void resume(long position) {
        moveTo(position);
    }

    ByteSource source() {
        return source;
    }

    /** Checks that the pickle does not stop inside a frame. */
    void end() throws MalformedFileException {
        if (frameEnd != NO_FRAME && position() < frameEnd) {
            throw meter.malformed("STOP inside a frame that ends at byte " + frameEnd);
        }
    }

    /** Checks that so many bytes are left in the source and in the frame. */
    void require(long count) throws MalformedFileException {
        if (frameEnd != NO_FRAME && count > frameEnd - position()) {
            throw meter.malformed(meter.opcode() + " needs " + count + " bytes at byte " + position()
                    + ", its frame ends at byte " + frameEnd);
        }
        if (count > size - position()) {
            throw meter.malformed("truncated: " + meter.opcode() + " needs " + count + " bytes at byte " + position()
                    + ", the data ends at byte " + size);
        }
    }

    private void moveTo(long position) {
        if (position - base <= filled) {
            at = (int) (position - base);
        } else {
            base = position;
            at = 0;
            filled = 0;
        }
    }

    private void refill() throws IOException {
        System.arraycopy(window, at, window, 0, filled - at);
        base += at;
        filled -= at;
        at = 0;
        int more = (int) Math.min(window.length - filled, size - base - filled);
        source.readFully(base + filled, ByteBuffer.wrap(window, filled, more));
        filled += more;
    }
}
