package org.ptsanitize.formats.checkpoint;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
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

        static Magic of(String what, String advice, String text) {
            return new Magic(0, text.chars().toArray(), what, advice);
        }

        static Magic at(int offset, String what, String advice, String text) {
            return new Magic(offset, text.chars().toArray(), what, advice);
        }
    }

    private static final String NAME_ONE = "name a checkpoint file";
    private static final String CONVERT_THERE = "convert it with that framework's own tools";
    private static final String UNPACK = "unpack it and convert what is inside";
    private static final String AGAIN = "download the file again";

    private static final Magic[] MAGICS = {
        Magic.of("a PNG picture", NAME_ONE, 0x89, 'P', 'N', 'G'),
        Magic.of("a JPEG picture", NAME_ONE, 0xff, 0xd8, 0xff),
        Magic.of("a GIF picture", NAME_ONE, "GIF8"),
        Magic.at(8, "a WebP picture", NAME_ONE, "WEBP"),
        Magic.at(8, "a WAVE sound", NAME_ONE, "WAVE"),
        Magic.of("a TIFF picture", NAME_ONE, "II*\0"),
        Magic.of("a TIFF picture", NAME_ONE, "MM\0*"),
        Magic.at(4, "a video", NAME_ONE, "ftyp"),
        Magic.of("a PDF document", NAME_ONE, "%PDF"),
        Magic.of("an SQLite database", NAME_ONE, "SQLite format 3"),
        Magic.of("a Parquet file", NAME_ONE, "PAR1"),
        Magic.of("an Arrow file", NAME_ONE, "ARROW1"),
        Magic.of("an HDF5 file (Keras)", CONVERT_THERE, 0x89, 'H', 'D', 'F'),
        Magic.of("a GGUF model", CONVERT_THERE, "GGUF"),
        Magic.of("a GGML model", CONVERT_THERE, "lmgg"),
        Magic.of("a GGML model", CONVERT_THERE, "tjgg"),
        Magic.at(4, "a TensorFlow Lite model", CONVERT_THERE, "TFL3"),
        Magic.of("a Torch7 file (Lua)", CONVERT_THERE, 4, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 'V', ' ', '1'),
        Magic.of("a Torch7 file (Lua)", CONVERT_THERE, 3, 0, 0, 0, 1, 0, 0, 0),
        Magic.of("a Torch7 file (Lua)", CONVERT_THERE, "4\n1\n3\nV 1\n"),
        Magic.of("an empty zip archive", AGAIN, 'P', 'K', 5, 6),
        Magic.of("a 7z archive", UNPACK, '7', 'z', 0xbc, 0xaf, 0x27, 0x1c),
        Magic.of("a RAR archive", UNPACK, "Rar!"),
        Magic.of("a cabinet archive", UNPACK, "MSCF"),
        Magic.of("zstd-compressed", "unpack it with 'zstd -d' and convert what is inside", 0x28, 0xb5, 0x2f, 0xfd),
        Magic.of("a PyTorch preview container of 2018, which PyTorch refuses too", "", "PYTORCH1"),
        Magic.of("an ELF program", NAME_ONE, 0x7f, 'E', 'L', 'F'),
        Magic.of("a Windows program", NAME_ONE, "MZ"),
        Magic.at(4, "a mobile TorchScript flatbuffer", "save a state_dict instead", "PTMF"),
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
                    "an HTML or XML page, perhaps the error page of a failed download", "", AGAIN);
        }
        for (Magic magic : MAGICS) {
            if (matches(head, magic)) {
                return other(magic.what(), magic.advice());
            }
        }
        if (isAllZero(head)) {
            return other("a file that begins with zeros", AGAIN);
        }
        if (isMessagePack(head)) {
            return other("a MessagePack file (Flax)", CONVERT_THERE);
        }
        if (head.get(0) == 8 && head.limit() > 4 && head.get(2) == 0x12) {
            return other(isText(head, 4, 4 + head.get(3)) ? "an ONNX model" : "a TensorFlow model", CONVERT_THERE);
        }
        boolean texts = isText(head, 0, head.limit());
        if (texts && isJson(start)) {
            return other("a JSON document", NAME_ONE);
        }
        if (mayStartPickle(head.get(0) & 0xff)) {
            return null;
        }
        if (head.get(0) == '\n' && !texts) {
            return other("a TensorFlow or Caffe model", CONVERT_THERE);
        }
        return texts
                ? other("a text", NAME_ONE)
                : new NotACheckpointException(
                        "neither a zip, a pickle nor a safetensors file, so not a PyTorch checkpoint", "", NAME_ONE);
    }

    /** The error for bytes that might have been a pickle of protocol 0 and are none, if they are a text. */
    static @Nullable NotACheckpointException nameText(ByteBuffer head, String problem) {
        return isText(head, 0, head.limit())
                ? new NotACheckpointException(
                        "a text, or a damaged pickle of protocol 0 (" + problem + "), not a PyTorch checkpoint",
                        "",
                        NAME_ONE)
                : null;
    }

    private static NotACheckpointException other(String what, String advice) {
        return new NotACheckpointException(what + ", not a PyTorch checkpoint", "", advice);
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

    /** A map of less than 16 entries whose first key is a short text; no pickle has such a second byte. */
    private static boolean isMessagePack(ByteBuffer head) {
        int first = head.get(0) & 0xff;
        if (first <= 0x80 || first > 0x8f || head.limit() < 2) {
            return false;
        }
        int second = head.get(1) & 0xff;
        return second > 0xa0 && second <= 0xbf && isText(head, 2, 2 + (second & 0x1f));
    }

    private static boolean isJson(String text) {
        return text.length() > 1
                && (text.charAt(0) == '{' && "\"}\n\r \t".indexOf(text.charAt(1)) >= 0
                        || text.charAt(0) == '[' && "\"]{[-0123456789\n\r \t".indexOf(text.charAt(1)) >= 0);
    }

    /** Whether there are bytes and they are printable UTF-8; the last character may be cut off. */
    private static boolean isText(ByteBuffer head, int from, int to) {
        if (from >= to || to > head.limit()) {
            return false;
        }
        CharBuffer text = CharBuffer.allocate(to - from);
        ByteBuffer bytes = head.duplicate().position(from).limit(to);
        if (StandardCharsets.UTF_8.newDecoder().decode(bytes, text, false).isError()) {
            return false;
        }
        return text.flip().chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f);
    }

    /** The opcodes that begin a pickle: PROTO, or what a protocol-0 or -1 pickle of some value starts with. */
    private static boolean mayStartPickle(int first) {
        return first == 0x80 || "(]})cLIFGJKMNSTUVX.\u0088\u0089\u008a\u0095".indexOf(first) >= 0;
    }
}
