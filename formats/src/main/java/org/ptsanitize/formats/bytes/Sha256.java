package org.ptsanitize.formats.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4), in hexadecimal. */
public final class Sha256 {
    private static final int BLOCK = 1 << 16;

    private Sha256() {}

    /** A digest that has taken nothing yet. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /** Of a whole regular file. */
    public static String hex(Path file) throws IOException {
        try (FileSource source = FileSource.open(file)) {
            return hex(source, 0, source.size());
        }
    }

    /** Of the bytes from {@code start} to {@code end}. */
    public static String hex(ByteSource source, long start, long end) throws IOException {
        MessageDigest digest = digest();
        ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, end - start));
        for (long at = start; at < end; at += block.capacity()) {
            block.clear().limit((int) Math.min(block.capacity(), end - at));
            source.readFully(at, block);
            digest.update(block.flip());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
