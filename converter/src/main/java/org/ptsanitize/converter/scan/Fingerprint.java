package org.ptsanitize.converter.scan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.ptsanitize.formats.bytes.ByteSource;

/** Digests that findings are known by. */
final class Fingerprint {
    private static final int BLOCK = 1 << 16;
    private static final int SHOWN = 16;

    private Fingerprint() {}

    /** Hexadecimal digits that stand for some texts in this order. */
    static String of(String... texts) {
        MessageDigest digest = sha256();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, SHOWN);
    }

    /** The digest of a part of a source. */
    static String of(ByteSource source, long start, long end) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, end - start));
        for (long at = start; at < end; at += block.capacity()) {
            block.clear().limit((int) Math.min(block.capacity(), end - at));
            source.readFully(at, block);
            digest.update(block.flip());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
