package org.ptsanitize.formats.compress;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MalformedFileException;

/** Packed bytes from front to back. Knows its position, so that errors can name it. */
final class PackedInput extends InputStream {
    private final ByteSource source;
    private final byte[] window = new byte[1 << 16];
    private long base;
    private int at;
    private int filled;
    private @Nullable IOException failure;

    PackedInput(ByteSource source) {
        this.source = source;
    }

    /** Position in the source of the next byte. */
    long position() {
        return base + at;
    }

    boolean atEnd() {
        return position() == source.size();
    }

    private boolean fill() throws IOException {
        if (at < filled) {
            return true;
        }
        base += filled;
        at = 0;
        filled = (int) Math.min(window.length, source.size() - base);
        try {
            source.readFully(base, ByteBuffer.wrap(window, 0, filled));
        } catch (IOException e) {
            failure = e;
            throw e;
        }
        return filled > 0;
    }

    /** The error that reading the source ended with: what a library makes of it is not about the data. */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public int read() throws IOException {
        return fill() ? window[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, filled - at);
        System.arraycopy(window, at, target, offset, count);
        at += count;
        return count;
    }

    /** The next byte, which must be there. */
    int u1() throws IOException {
        int b = read();
        if (b < 0) {
            throw truncated();
        }
        return b;
    }

    int u2() throws IOException {
        return u1() | u1() << 8;
    }

    int i4() throws IOException {
        return u2() | u2() << 16;
    }

    /** Fills the first {@code length} bytes of an array. */
    void readFully(byte[] target, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int count = read(target, done, length - done);
            if (count < 0) {
                throw truncated();
            }
            done += count;
        }
    }

    void skipFully(long length) throws IOException {
        if (length > source.size() - position()) {
            throw truncated();
        }
        long target = position() + length;
        if (target - base <= filled) {
            at = (int) (target - base);
        } else {
            base = target;
            at = 0;
            filled = 0;
        }
    }

    /** Gives an inflater more input. */
    void feed(Inflater inflater) throws IOException {
        if (!fill()) {
            throw truncated();
        }
        inflater.setInput(window, at, filled - at);
        at = filled;
    }

    /** Takes back what an inflater did not use of what it was given last. */
    void takeBack(Inflater inflater) {
        at -= inflater.getRemaining();
    }

    MalformedFileException malformed(String problem) {
        return new MalformedFileException(problem, "byte " + position());
    }

    private MalformedFileException truncated() {
        return new MalformedFileException("the compressed data end too early", "byte " + source.size());
    }
}
