package org.ptsanitize.converter.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.ptsanitize.formats.bytes.Sha256;
import org.ptsanitize.formats.tensor.TensorView;

/** SHA-256 of a tensor's logical bytes: C order, little-endian. */
final class TensorHash {
    private final ByteBuffer block = ByteBuffer.allocate(ViewBlocks.BLOCK);

    /** The digest in hexadecimal. */
    String of(TensorView view) throws IOException {
        MessageDigest digest = Sha256.digest();
        ViewBlocks blocks = ViewBlocks.of(view);
        while (blocks.next(block)) {
            digest.update(block);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
