package org.ptsanitize.formats.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import org.ptsanitize.formats.bytes.ByteSink;

/** Writes the header's JSON as the reference implementation does: compact, with the fewest escapes, padded with spaces. */
final class HeaderWriter {
    private static final int BLOCK = 1 << 16;

    /** The most characters of a text that are encoded at once. */
    private static final int CHUNK = 1 << 12;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final Target target;
    private final byte[] block = new byte[BLOCK];
    private final byte[] digits = new byte[19];
    private int filled;
    private long flushed;

    /** Whether something stands in front of what comes next in the same object or array. */
    private boolean follows;

    private HeaderWriter(Target target) {
        this.target = target;
    }

    private interface Target {
        void accept(ByteBuffer utf8) throws IOException;
    }

    /** The bytes of the JSON without padding. */
    static long length(SortedMap<String, String> metadata, List<SafetensorsTensor> tensors) throws IOException {
        HeaderWriter writer = new HeaderWriter(utf8 -> {});
        writer.object(metadata, tensors);
        return writer.flushed;
    }

    static void write(
            ByteSink out, SortedMap<String, String> metadata, List<SafetensorsTensor> tensors, long paddedLength)
            throws IOException {
        ByteBuffer prefix = ByteBuffer.allocate(SafetensorsHeader.PREFIX).order(ByteOrder.LITTLE_ENDIAN);
        out.write(prefix.putLong(paddedLength).flip());
        HeaderWriter writer = new HeaderWriter(out::write);
        writer.object(metadata, tensors);
        writer.ascii(" ".repeat((int) (paddedLength - writer.flushed)));
        writer.flush();
    }

    private void object(SortedMap<String, String> metadata, List<SafetensorsTensor> tensors) throws IOException {
        open('{');
        if (!metadata.isEmpty()) {
            member(SafetensorsHeader.METADATA);
            open('{');
            for (var entry : metadata.entrySet()) {
                member(entry.getKey());
                quote(entry.getValue());
            }
            close('}');
        }
        for (SafetensorsTensor tensor : tensors) {
            tensor(tensor);
        }
        close('}');
        flush();
    }

    private void tensor(SafetensorsTensor tensor) throws IOException {
        member(tensor.name());
        open('{');
        member("dtype");
        quote(tensor.type().name());
        member("shape");
        open('[');
        for (long size : tensor.sizes()) {
            number(size);
        }
        close(']');
        member("data_offsets");
        open('[');
        number(tensor.begin());
        number(tensor.end());
        close(']');
        close('}');
    }

    private void open(char bracket) throws IOException {
        put(bracket);
        follows = false;
    }

    private void close(char bracket) throws IOException {
        put(bracket);
        follows = true;
    }

    private void separate() throws IOException {
        if (follows) {
            put(',');
        }
        follows = true;
    }

    private void member(String name) throws IOException {
        separate();
        quote(name);
        put(':');
    }

    /** A number that is not negative. */
    private void number(long value) throws IOException {
        separate();
        int start = digits.length;
        long left = value;
        do {
            digits[--start] = (byte) ('0' + left % 10);
            left /= 10;
        } while (left > 0);
        put(digits, start, digits.length);
    }

    private void quote(String value) throws IOException {
        put('"');
        int from = 0;
        while (from < value.length()) {
            int to = Math.min(value.length(), from + CHUNK);
            if (to < value.length() && Character.isHighSurrogate(value.charAt(to - 1))) {
                to--;
            }
            text(value.substring(from, to).getBytes(StandardCharsets.UTF_8));
            from = to;
        }
        put('"');
    }

    private void text(byte[] utf8) throws IOException {
        int plain = 0;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            if (b >= 0 && b < ' ' || b == '"' || b == '\\') {
                put(utf8, plain, i);
                escape(b);
                plain = i + 1;
            }
        }
        put(utf8, plain, utf8.length);
    }

    private void escape(byte c) throws IOException {
        switch (c) {
            case '"' -> ascii("\\\"");
            case '\\' -> ascii("\\\\");
            case '\b' -> ascii("\\b");
            case '\f' -> ascii("\\f");
            case '\n' -> ascii("\\n");
            case '\r' -> ascii("\\r");
            case '\t' -> ascii("\\t");
            default -> {
                ascii("\\u00");
                put(HEX[c >> 4]);
                put(HEX[c & 0xf]);
            }
        }
    }

    private void ascii(String value) throws IOException {
        for (int i = 0; i < value.length(); i++) {
            put(value.charAt(i));
        }
    }

    private void put(byte[] bytes, int from, int to) throws IOException {
        for (int at = from; at < to; ) {
            if (filled == BLOCK) {
                flush();
            }
            int count = Math.min(to - at, BLOCK - filled);
            System.arraycopy(bytes, at, block, filled, count);
            filled += count;
            at += count;
        }
    }

    private void put(int b) throws IOException {
        if (filled == BLOCK) {
            flush();
        }
        block[filled++] = (byte) b;
    }

    private void flush() throws IOException {
        flushed += filled;
        target.accept(ByteBuffer.wrap(block, 0, filled));
        filled = 0;
    }
}
