package org.ptsanitize.formats.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.NotACheckpointException;

/** Names files that are often found under a checkpoint's name, by their first bytes. */
final class Unrecognised {
    private record Magic(int offset, int[] bytes, String what, String advice) {
        static Magic of(String what, String advice, int... bytes) {
            return new Magic(0, bytes, what, advice);
        }
    }

    private static final String CONVERT_THERE = "convert it with that framework's own tools";
    private static final String UNPACK = "unpack it and convert what is inside";

    private static final Magic[] MAGICS = {
        Magic.of("a PNG picture", "name a checkpoint file", 0x89, 'P', 'N', 'G'),
        Magic.of("a JPEG picture", "name a checkpoint file", 0xff, 0xd8, 0xff),
        Magic.of("a GIF picture", "name a checkpoint file", 'G', 'I', 'F', '8'),
        Magic.of("a PDF document", "name a checkpoint file", '%', 'P', 'D', 'F'),
        Magic.of("an HDF5 file (Keras)", CONVERT_THERE, 0x89, 'H', 'D', 'F'),
        Magic.of("a GGUF model", CONVERT_THERE, 'G', 'G', 'U', 'F'),
        Magic.of("an empty zip archive", "download the file again", 'P', 'K', 5, 6),
        Magic.of("a 7z archive", UNPACK, '7', 'z', 0xbc, 0xaf, 0x27, 0x1c),
        Magic.of("a RAR archive", UNPACK, 'R', 'a', 'r', '!'),
        Magic.of("zstd-compressed", "unpack it with 'zstd -d' and convert what is inside", 0x28, 0xb5, 0x2f, 0xfd),
        Magic.of(
                "a PyTorch preview container of 2018, which PyTorch refuses too",
                "",
                'P',
                'Y',
                'T',
                'O',
                'R',
                'C',
                'H',
                '1'),
        Magic.of("an ELF program", "name a checkpoint file", 0x7f, 'E', 'L', 'F'),
        Magic.of("a Windows program", "name a checkpoint file", 'M', 'Z'),
        new Magic(4, new int[] {'P', 'T', 'M', 'F'}, "a mobile TorchScript flatbuffer", "save a state_dict instead"),
    };

    private Unrecognised() {}

    /** The error that names these bytes, or null if they may be a pickle. */
    static @Nullable NotACheckpointException name(ByteBuffer head, long size) {
        if (size == 0) {
            return new NotACheckpointException("an empty file", "", "download or save it again");
        }
        String text = text(head);
        if (isPointer(text)) {
            return new NotACheckpointException(
                    "a git-LFS pointer, not the file itself", "", "fetch the file with 'git lfs pull'");
        }
        String start = start(text);
        if (isPage(start)) {
            return new NotACheckpointException(
                    "an HTML or XML page, perhaps the error page of a failed download", "", "download the file again");
        }
        for (Magic magic : MAGICS) {
            if (matches(head, magic)) {
                return new NotACheckpointException(magic.what() + ", not a PyTorch checkpoint", "", magic.advice());
            }
        }
        if (isAllZero(head)) {
            return new NotACheckpointException(
                    "a file that begins with zeros, not a PyTorch checkpoint", "", "download the file again");
        }
        if (!mayStartPickle(head.get(0) & 0xff) || start.startsWith("{\"") || start.startsWith("[\"")) {
            return new NotACheckpointException(
                    "neither a zip, a pickle nor a safetensors file, so not a PyTorch checkpoint",
                    "",
                    "name a checkpoint file");
        }
        return null;
    }

    /** Whether these bytes are what a failed download or checkout leaves in a file's place. */
    static boolean isStandIn(ByteBuffer head, long size) {
        String text = text(head);
        return size == 0 || isPointer(text) || isPage(start(text)) || isAllZero(head);
    }

    /** Whether these bytes begin like a file of another known kind. */
    static boolean isKnown(ByteBuffer head) {
        for (Magic magic : MAGICS) {
            if (matches(head, magic)) {
                return true;
            }
        }
        return false;
    }

    private static String text(ByteBuffer head) {
        return StandardCharsets.ISO_8859_1.decode(head.duplicate()).toString();
    }

    private static String start(String text) {
        return text.stripLeading().toLowerCase(Locale.ROOT);
    }

    private static boolean isPointer(String text) {
        return text.startsWith("version https://git-lfs");
    }

    private static boolean isPage(String start) {
        return start.startsWith("<!doctype") || start.startsWith("<html") || start.startsWith("<?xml");
    }

    private static boolean matches(ByteBuffer head, Magic magic) {
        if (head.limit() < magic.offset() + magic.bytes().length) {
            return false;
        }
        for (int i = 0; i < magic.bytes().length; i++) {
            if (head.get(magic.offset() + i) != (byte) magic.bytes()[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllZero(ByteBuffer head) {
        for (int i = 0; i < head.limit(); i++) {
            if (head.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The opcodes that begin a pickle: PROTO, or what a protocol-0 or -1 pickle of some value starts with. */
    private static boolean mayStartPickle(int first) {
        return first == 0x80 || "(]})cLIFGJKMNSTUVX.\u0088\u0089\u008a\u0095".indexOf(first) >= 0;
    }
}
