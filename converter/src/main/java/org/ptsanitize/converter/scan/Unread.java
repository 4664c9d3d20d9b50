package org.ptsanitize.converter.scan;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.tar.TarDirectory;

/** What can hold a pickle, and is not looked into. */
final class Unread {
    private static final String UNPACK = "unpack it and scan what is inside";

    private Unread() {}

    /** The error for bytes that begin so; empty if they are nothing of the kind. */
    static Optional<FileFormatException> name(ByteBuffer head) {
        if (begins(head, '7', 'z', 0xbc, 0xaf, 0x27, 0x1c)) {
            return unsupported("a 7z archive");
        } else if (begins(head, 'R', 'a', 'r', '!', 0x1a, 7)) {
            return unsupported("a RAR archive");
        } else if (begins(head, 0x28, 0xb5, 0x2f, 0xfd)) {
            return unsupported("zstd-compressed data");
        } else if (TarDirectory.isOldTar(head)) {
            return unsupported("a tar archive of the old form, without a signature");
        }
        return Optional.empty();
    }

    private static Optional<FileFormatException> unsupported(String what) {
        return Optional.of(new UnsupportedFileException(what + ", which is not looked into", "", UNPACK));
    }

    private static boolean begins(ByteBuffer head, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (i >= head.limit() || head.get(i) != (byte) bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
