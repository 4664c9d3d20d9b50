package org.ptsanitize.formats.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.ptsanitize.formats.bytes.ByteSink;

/** Writes the header's JSON as the reference implementation does: compact, with the fewest escapes, padded with spaces. */
final class HeaderWriter {
    private static final int BLOCK = 1 << 16;

    private final Target target;
    private final StringBuilder text = new StringBuilder(BLOCK + 1024);
    private long length;

    private HeaderWriter(Target target) {
        this.target = target;
    }

    private interface Target {
        void accept(byte[] utf8) throws IOException;
    }

    /** The bytes of the JSON without padding. */
    static long length(SortedMap<String, String> metadata, List<SafetensorsTensor> tensors) throws IOException {
        HeaderWriter writer = new HeaderWriter(utf8 -> {});
        writer.object(metadata, tensors);
        return writer.length;
    }

    static void write(
            ByteSink out, SortedMap<String, String> metadata, List<SafetensorsTensor> tensors, long paddedLength)
            throws IOException {
        ByteBuffer prefix = ByteBuffer.allocate(SafetensorsHeader.PREFIX).order(ByteOrder.LITTLE_ENDIAN);
        out.write(prefix.putLong(paddedLength).flip());
        HeaderWriter writer = new HeaderWriter(utf8 -> out.write(ByteBuffer.wrap(utf8)));
        writer.object(metadata, tensors);
        writer.text.append(" ".repeat((int) (paddedLength - writer.length)));
        writer.flush();
    }

    private void object(SortedMap<String, String> metadata, List<SafetensorsTensor> tensors) throws IOException {
        text.append('{');
        if (!metadata.isEmpty()) {
            quote(SafetensorsHeader.METADATA).append(":{");
            for (var entry : metadata.entrySet()) {
                separate();
                quote(entry.getKey()).append(':');
                quote(entry.getValue());
                flushIfFull();
            }
            text.append('}');
        }
        for (SafetensorsTensor tensor : tensors) {
            separate();
            tensor(tensor);
            flushIfFull();
        }
        text.append('}');
        flush();
    }

    private void tensor(SafetensorsTensor tensor) {
        quote(tensor.name())
                .append(":{\"dtype\":\"")
                .append(tensor.type().name())
                .append("\",\"shape\":[");
        for (long size : tensor.sizes()) {
            separate();
            text.append(size);
        }
        text.append("],\"data_offsets\":[").append(tensor.begin()).append(',');
        text.append(tensor.end()).append("]}");
    }

    /** A comma unless the object or array has just been opened. */
    private void separate() {
        if (text.length() == 0) {
            text.append(',');
            return;
        }
        char last = text.charAt(text.length() - 1);
        if (last != '{' && last != '[') {
            text.append(',');
        }
    }

    private StringBuilder quote(String value) {
        text.append('"');
        int plain = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                text.append(value, plain, i);
                escape(c);
                plain = i + 1;
            }
        }
        return text.append(value, plain, value.length()).append('"');
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\b' -> text.append("\\b");
            case '\f' -> text.append("\\f");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
    }

    private void flushIfFull() throws IOException {
        if (text.length() >= BLOCK) {
            flush();
        }
    }

    private void flush() throws IOException {
        byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
        length += utf8.length;
        target.accept(utf8);
        text.setLength(0);
    }
}
