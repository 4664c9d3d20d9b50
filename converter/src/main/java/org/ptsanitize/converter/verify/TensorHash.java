package org.ptsanitize.converter.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.ptsanitize.formats.tensor.TensorView;

/** SHA-256 of a tensor's logical bytes: C order, little-endian. */
final class TensorHash {
    private final ByteBuffer block = ByteBuffer.allocate(ViewBlocks.BLOCK);

    /** The digest in hexadecimal. */
    String of(TensorView view) throws IOException {
        MessageDigest digest = sha256();
        ViewBlocks blocks = ViewBlocks.of(view);
        while (blocks.next(block)) {
            digest.update(block);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
