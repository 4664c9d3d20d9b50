package org.ptsanitize.converter.scan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.ptsanitize.converter.scan.PickleScan.Trust;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.compress.Compression;
import org.ptsanitize.formats.numpy.NpyHeader;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tar.TarDirectory;
import org.ptsanitize.formats.zip.ArchiveTail;

/**
 * Looks through bytes of any kind: what is packed is unpacked, archives are opened, and every pickle is followed. Bytes
 * that are two things at once are looked through as both.
 */
final class ContentScan {
    private static final int HEAD = 512;

    private final Desk desk;
    private final int depth;

    ContentScan(Desk desk) {
        this(desk, 0);
    }

    private ContentScan(Desk desk, int depth) {
        this.desk = desk;
        this.depth = depth;
    }

    Desk desk() {
        return desk;
    }

    /**
     * Scans some bytes.
     *
     * @param part what they are called in findings; empty for the file itself
     * @param trust how sure it is that they are a pickle if they are nothing else
     * @return whether they are anything that can hold a pickle
     */
    boolean scan(ByteSource source, String part, Trust trust) throws IOException {
        ByteBuffer head = source.read(0, (int) Math.min(HEAD, source.size()));
        boolean archive = archives(source, head, part);
        Optional<Compression> compression = Compression.detect(head);
        if (compression.isPresent()) {
            unpack(compression.get(), source, part);
            return true;
        } else if (Unread.name(head).isPresent()) {
            desk.problem(part, Unread.name(head).get());
            return true;
        } else if (TarDirectory.isTar(head)) {
            new TarScan(this, part).scan(source);
            return true;
        } else if (NpyHeader.matches(head)) {
            array(source, part);
            return true;
        } else if (isSafetensors(head, source.size())) {
            return true;
        } else if (startsWithZip(head)) {
            return true;
        }
        return pickles().scan(source, 0, part, trust) || archive;
    }

    PickleScan pickles() {
        return new PickleScan(desk, this::nestedFile);
    }

    /** Something inside what is scanned here. */
    void member(ByteSource bytes, String part, Trust trust) throws IOException {
        if (depth >= desk.budget().limits().of(Limit.NESTED_PICKLES)) {
            LimitExceededException tooDeep = new LimitExceededException(
                    Limit.NESTED_PICKLES, desk.budget().limits().of(Limit.NESTED_PICKLES), "byte 0");
            desk.problem(part, tooDeep);
            return;
        }
        new ContentScan(desk, depth + 1).scan(bytes, part, trust);
    }

    /** The zip archives that end these bytes: one, or several one after another as distributed checkpoints have them. */
    private boolean archives(ByteSource source, ByteBuffer head, String part) throws IOException {
        ByteSource rest = source;
        // A tar ends in padding: what lies in front of that belongs to one of its members, which are looked at themselves.
        Optional<ArchiveTail> tail = TarDirectory.isTar(head) ? ArchiveTail.findAtEnd(rest) : ArchiveTail.find(rest);
        while (tail.isPresent()) {
            long start = tail.get().start();
            ByteSource archive = rest.slice(rest.name(), start, rest.size() - start);
            new ZipScan(this, part)
                    .scan(archive, startsWithZip(head) ? 0 : tail.get().firstMember() - start);
            if (start == 0) {
                return true;
            }
            rest = rest.slice(rest.name(), 0, start);
            tail = ArchiveTail.find(rest);
        }
        if (startsWithZip(head)) {
            new ZipScan(this, part).scan(rest, 0);
        }
        return rest != source;
    }

    private void unpack(Compression compression, ByteSource source, String part) throws IOException {
        try (ByteSource bytes = compression.unpack(source, desk.scratch(), desk.budget())) {
            member(bytes, part, Trust.LIKELY);
        } catch (FileFormatException e) {
            desk.problem(part, e);
        }
    }

    private void array(ByteSource source, String part) throws IOException {
        try {
            NpyHeader header = NpyHeader.read(source);
            long at = header.dataOffset();
            pickles().scan(source, at, part, header.objects() ? Trust.EXPECTED : Trust.GUESS);
        } catch (FileFormatException e) {
            desk.problem(part, e);
        }
    }

    private void nestedFile(Call call, String part) throws IOException {
        String name = (part.isEmpty() ? "" : part + " > ") + "bytes at " + call.offset();
        Optional<PickleValue> argument = firstArgument(call);
        Optional<ByteSource> bytes = argument.isPresent() ? bytes(argument.get(), name) : Optional.empty();
        if (bytes.isPresent()) {
            member(bytes.get(), name, Trust.EXPECTED);
        } else {
            desk.problem(
                    part,
                    new UnsupportedFileException(
                            "a file inside the pickle whose bytes are not spelled out", "byte " + call.offset()));
        }
    }

    private static Optional<PickleValue> firstArgument(Call call) {
        return call.arguments() instanceof Tuple arguments && arguments.size() > 0
                ? Optional.of(arguments.get(0))
                : Optional.empty();
    }

    /** A bytes object: spelled out, or as protocol 2 writes it, a text and how to encode it. */
    private static Optional<ByteSource> bytes(PickleValue value, String name) throws IOException {
        if (value instanceof Bytes bytes) {
            return Optional.of(bytes.range().asSource(name));
        }
        if (value instanceof Call call
                && call.callable() instanceof Global global
                && global.dotted().equals("_codecs.encode")
                && firstArgument(call).orElse(value) instanceof Text text) {
            return Optional.of(MemorySource.of(name, text.value().getBytes(StandardCharsets.ISO_8859_1)));
        }
        return Optional.empty();
    }

    private static boolean startsWithZip(ByteBuffer head) {
        return head.limit() >= 4
                && head.get(0) == 'P'
                && head.get(1) == 'K'
                && (head.get(2) == 3 && head.get(3) == 4 || head.get(2) == 5 && head.get(3) == 6);
    }

    private static boolean isSafetensors(ByteBuffer head, long size) {
        if (head.limit() < 10 || head.get(8) != '{') {
            return false;
        }
        long length = head.order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        return length > 0 && length <= size - Long.BYTES;
    }
}
