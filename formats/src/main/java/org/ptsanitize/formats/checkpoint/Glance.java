package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.NotACheckpointException;
import org.ptsanitize.formats.compress.Compression;
import org.ptsanitize.formats.numpy.NpyHeader;
import org.ptsanitize.formats.tar.TarDirectory;

/**
 * What files look to be, from a few bytes of each: enough to choose which of many to open, not enough to rely on.
 * Opening a file with {@link Checkpoints} is what decides.
 */
public final class Glance {
    private static final int HEAD = 512;

    /** How the records of torch's archives are called, below their root folder. */
    private static final Pattern TORCH_RECORD = Pattern.compile("[^/]+/(data\\.pkl|constants\\.pkl|version|byteorder"
            + "|archive_format|archive_version|model\\.json|\\.format_version|\\.storage_alignment"
            + "|(data|code|extra|constants|tensors|models|weights)/.*)");

    /** How the members of the tar files of torch 0.1 are called. */
    private static final Pattern LEGACY_TAR_MEMBER = Pattern.compile("(\\./)?(sys_info|pickle|storages|tensors)");

    /** The pickles of protocol 0 and 1 that a text cannot be mistaken for. */
    private static final Pattern TEXT_PICKLE = Pattern.compile(
            "(?s)(\\((dp|lp|tp)[0-9]+\\r?\\n.*|[}\\]]q[\\x00-\\x08].*|L119547037146038801333356L\\r?\\n.*"
                    + "|\\(?c[A-Za-z_][A-Za-z0-9_.]*\\r?\\n[A-Za-z_][A-Za-z0-9_.]*\\r?\\n[p(qR].*)");

    /** What a file looks to be. */
    public enum Looks {
        /** It begins as checkpoints do and as nothing else does. */
        CHECKPOINT,
        /** An archive, in which there may be checkpoints. */
        ARCHIVE,
        /** What is found in a checkpoint's place when fetching it went wrong: nothing, zeros, a web page, a pointer. */
        STAND_IN,
        /** Something else that is known: a text, a picture, a program. */
        OTHER,
        /** Bytes that tell nothing. */
        UNKNOWN
    }

    private Glance() {}

    /** What some bytes look to be. Reads the first {@value #HEAD} of them, and as many of what is packed in them. */
    public static Looks at(ByteSource source, Budget budget) throws IOException {
        ByteBuffer head = source.read(0, (int) Math.min(HEAD, source.size()));
        if (Opening.isSafetensors(head, source.size())) {
            return Looks.CHECKPOINT;
        }
        Optional<Compression> compression = Compression.detect(head);
        if (compression.isEmpty()) {
            return of(head, source.size());
        }
        ByteBuffer inner = compression.get().peek(source, HEAD, budget);
        if (!inner.hasRemaining()) {
            return Looks.OTHER;
        }
        return Compression.detect(inner).isPresent() ? Looks.ARCHIVE : of(inner, Long.MAX_VALUE);
    }

    private static Looks of(ByteBuffer head, long size) {
        if (Opening.isSafetensors(head, size) || NpyHeader.matches(head) || isPickle(head)) {
            return Looks.CHECKPOINT;
        }
        if (Opening.isZip(head)) {
            return TORCH_RECORD.matcher(firstMember(head)).matches()
                            || firstMember(head).endsWith(".npy")
                    ? Looks.CHECKPOINT
                    : Looks.ARCHIVE;
        }
        if (TarDirectory.isTar(head)) {
            String name = text(head, 0, 100);
            return LEGACY_TAR_MEMBER.matcher(name).matches() ? Looks.CHECKPOINT : Looks.ARCHIVE;
        }
        if (Unrecognised.isStandIn(head, size)) {
            return Looks.STAND_IN;
        }
        return Unrecognised.isKnown(head) || isText(head) ? Looks.OTHER : Looks.UNKNOWN;
    }

    private static boolean isPickle(ByteBuffer head) {
        if (head.limit() > 2 && (head.get(0) & 0xff) == 0x80) {
            return head.get(1) >= 2 && head.get(1) <= 5;
        }
        return TEXT_PICKLE
                .matcher(StandardCharsets.ISO_8859_1.decode(head.duplicate()))
                .matches();
    }

    /** Whether all bytes are those of a text in ASCII or UTF-8. */
    private static boolean isText(ByteBuffer head) {
        for (int i = 0; i < head.limit(); i++) {
            int b = head.get(i) & 0xff;
            if (b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f' || b == 0x7f || b >= 0xf8) {
                return false;
            }
        }
        return true;
    }

    /** The name in the local header that a zip begins with. */
    private static String firstMember(ByteBuffer head) {
        return head.limit() < 30 ? "" : text(head, 30, Short.toUnsignedInt(head.getShort(26)));
    }

    private static String text(ByteBuffer head, int offset, int length) {
        byte[] name = new byte[Math.min(length, head.limit() - offset)];
        head.get(offset, name);
        String text = new String(name, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(0);
        return end < 0 ? text : text.substring(0, end);
    }

    /**
     * The shards that the index of a sharded checkpoint names, sorted; empty if the file is a JSON document of another
     * kind.
     *
     * @throws FileFormatException if it cannot be read as an index
     */
    public static Optional<SortedSet<String>> shards(ByteSource index, Budget budget) throws IOException {
        if (!ShardIndex.mayBe(index.read(0, (int) Math.min(HEAD, index.size())))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TreeSet<>(ShardIndex.read(index, budget).shards()));
        } catch (NotACheckpointException e) {
            return Optional.empty();
        }
    }
}
