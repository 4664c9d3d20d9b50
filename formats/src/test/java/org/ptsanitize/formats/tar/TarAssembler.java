package org.ptsanitize.formats.tar;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.ptsanitize.formats.bytes.MemorySource;

/** Puts a tar archive together header by header, so that a test can say anything in it. */
final class TarAssembler {
    static final int BLOCK = 512;

    /** One header; its checksum is right when it is taken. */
    static final class Header {
        private final byte[] bytes = new byte[BLOCK];

        Header(String name, char type, long size) {
            put(0, name);
            put(100, "0000644\0");
            put(108, "0000000\0");
            put(116, "0000000\0");
            put(124, String.format("%011o\0", size));
            put(136, "00000000000\0");
            put(156, String.valueOf(type));
            put(257, "ustar\00000");
        }

        Header put(int offset, String text) {
            return put(offset, text.getBytes(StandardCharsets.UTF_8));
        }

        Header put(int offset, byte[] value) {
            System.arraycopy(value, 0, bytes, offset, value.length);
            return this;
        }

        Header prefix(String prefix) {
            return put(345, prefix);
        }

        byte[] bytes() {
            Arrays.fill(bytes, 148, 156, (byte) ' ');
            int sum = 0;
            for (byte b : bytes) {
                sum += b & 0xff;
            }
            put(148, String.format("%06o\0 ", sum));
            return bytes.clone();
        }
    }

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();

    static Header file(String name, long size) {
        return new Header(name, '0', size);
    }

    TarAssembler add(Header header) {
        archive.writeBytes(header.bytes());
        return this;
    }

    TarAssembler add(Header header, String content) {
        add(header);
        byte[] data = content.getBytes(StandardCharsets.UTF_8);
        archive.writeBytes(Arrays.copyOf(data, (data.length + BLOCK - 1) / BLOCK * BLOCK));
        return this;
    }

    TarAssembler file(String name, String content) {
        return add(file(name, content.length()), content);
    }

    /** An extension header that is about the next member. */
    TarAssembler extension(char type, String content) {
        return add(new Header("extension", type, content.getBytes(StandardCharsets.UTF_8).length), content);
    }

    /** A pax header with one record. */
    TarAssembler pax(String key, String value) {
        return extension('x', record(key, value));
    }

    static String record(String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        int length = rest.getBytes(StandardCharsets.UTF_8).length + 1;
        while (length
                != rest.getBytes(StandardCharsets.UTF_8).length
                        + String.valueOf(length).length()) {
            length++;
        }
        return length + rest;
    }

    TarAssembler bytes(byte... bytes) {
        archive.writeBytes(bytes);
        return this;
    }

    /** The two blocks of zeros. */
    TarAssembler end() {
        return bytes(new byte[2 * BLOCK]);
    }

    byte[] toBytes() {
        return archive.toByteArray();
    }

    ByteBuffer head() {
        return ByteBuffer.wrap(toBytes());
    }

    MemorySource source() {
        return MemorySource.of("a.tar", toBytes());
    }
}
