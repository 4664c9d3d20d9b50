package org.ptsanitize.converter.scan;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.ptsanitize.formats.bytes.Sha256;

/** Digests that findings are known by. */
final class Fingerprint {
    private static final int SHOWN = 16;

    private Fingerprint() {}

    /** Hexadecimal digits that stand for some texts in this order. */
    static String of(String... texts) {
        MessageDigest digest = Sha256.digest();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, SHOWN);
    }
}
