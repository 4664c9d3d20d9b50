package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.pickle.PickleTrace;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;

/**
 * What is left of a file that cannot be opened as a checkpoint: the pickles in it that are whole, with the storages that
 * they claim to have, and of one that breaks off what it did until then. Good for looking at, never for converting: no
 * byte of a storage is there.
 */
public final class Remains {
    private static final int LOCAL_HEADER = 30;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int LONGEST_NAME = 4096;
    /** How far into a file without a directory the first pickle is looked for. */
    private static final int SEARCHED = 1 << 20;

    private static final int STREAM_PICKLES = 5;
    private static final int STREAM_OBJECT = 3;

    private Remains() {}

    /** The remains of a file, or nothing if it has no pickle of a checkpoint. */
    public static Optional<Checkpoint> of(ByteSource source, Scratch scratch, Budget budget) throws IOException {
        try {
            ByteBuffer head = source.read(0, (int) Math.min(Integer.BYTES, source.size()));
            return head.remaining() == Integer.BYTES && head.getInt(0) == LOCAL_SIGNATURE
                    ? ofZip(source, scratch, budget)
                    : ofStream(source, budget);
        } catch (LimitExceededException e) {
            return Optional.empty();
        }
    }

    private static Optional<Checkpoint> ofZip(ByteSource source, Scratch scratch, Budget budget) throws IOException {
        ZipDirectory directory;
        try {
            directory = ZipDirectory.read(source, budget);
        } catch (LimitExceededException e) {
            throw e;
        } catch (FileFormatException e) {
            return ofTruncatedZip(source, budget);
        }
        String root = directory.firstRoot();
        Optional<ZipMember> member = directory.findIgnoringCase(root + "/data.pkl");
        if (member.isEmpty()) {
            return Optional.empty();
        }
        Optional<Followed> pickle = follow(directory.open(member.get(), scratch, budget), 0, budget);
        return pickle.map(found -> {
            ClaimedStorages storages = new ClaimedStorages();
            return new PickledFile(
                    Container.TORCH_ZIP,
                    "",
                    List.of(found.part("data.pkl", storages, false)),
                    storages.missing(found.pickle(), key -> directory
                            .findIgnoringCase(root + "/data/" + key)
                            .map(ZipMember::size)));
        });
    }

    /** PyTorch writes the pickle first, so that it is whole in most files that lack their end. */
    private static Optional<Checkpoint> ofTruncatedZip(ByteSource source, Budget budget) throws IOException {
        ByteBuffer start = source.read(0, (int) Math.min(SEARCHED, source.size()));
        for (int at = 0; at + LOCAL_HEADER <= start.limit(); at++) {
            if (start.getInt(at) == LOCAL_SIGNATURE && name(start, at).endsWith("/data.pkl")) {
                long data = at + LOCAL_HEADER + nameLength(start, at) + Short.toUnsignedLong(start.getShort(at + 28));
                boolean stored = start.getShort(at + 8) == 0;
                Optional<Followed> pickle = stored ? follow(source, data, budget) : Optional.empty();
                return pickle.map(found -> new PickledFile(
                        Container.TORCH_ZIP,
                        "",
                        List.of(found.part("data.pkl", new ClaimedStorages(), false)),
                        List.of("the archive's directory is missing; its storages cannot be found")));
            }
        }
        return Optional.empty();
    }

    private static int nameLength(ByteBuffer start, int at) {
        return Short.toUnsignedInt(start.getShort(at + 26));
    }

    private static String name(ByteBuffer start, int at) {
        int length = nameLength(start, at);
        if (length > LONGEST_NAME || at + LOCAL_HEADER + length > start.limit()) {
            return "";
        }
        byte[] bytes = new byte[length];
        start.get(at + LOCAL_HEADER, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static Optional<Checkpoint> ofStream(ByteSource source, Budget budget) throws IOException {
        Optional<Followed> next = follow(source, 0, budget);
        if (next.isEmpty() || !LegacyStream.isMagic(next.get().pickle().root())) {
            return next.filter(pickle -> !pickle.whole())
                    .map(pickle -> new PickledFile(
                            Container.BARE_PICKLE,
                            "",
                            List.of(pickle.part("pickle", PersistentObjects.NONE, false)),
                            List.of()));
        }
        List<PickledPart> parts = new ArrayList<>();
        boolean told = false;
        while (next.isPresent() && parts.size() < STREAM_PICKLES) {
            boolean object = parts.size() == STREAM_OBJECT;
            PersistentObjects persistent = object ? new ClaimedStorages() : PersistentObjects.NONE;
            parts.add(next.get().part(LegacyStream.PARTS.get(parts.size()), persistent, !object));
            told |= object || !next.get().whole();
            next = next.get().whole() ? follow(source, next.get().pickle().end(), budget) : Optional.empty();
        }
        return told ? Optional.of(new PickledFile(Container.LEGACY_STREAM, "", parts, List.of())) : Optional.empty();
    }

    /** A pickle, and whether it was followed to its STOP; if not, its value says nothing. */
    private record Followed(Pickle pickle, boolean whole) {
        PickledPart part(String name, PersistentObjects persistent, boolean auxiliary) {
            return new PickledPart(name, pickle, persistent, auxiliary || !whole);
        }
    }

    /** The pickle at a position, or nothing if there is none. */
    private static Optional<Followed> follow(ByteSource source, long offset, Budget budget) throws IOException {
        try {
            return Optional.of(new Followed(PickleMachine.read(source, offset, budget), true));
        } catch (LimitExceededException e) {
            throw e;
        } catch (FileFormatException e) {
            PickleTrace trace = PickleMachine.trace(source, offset, budget, false, true);
            return trace.didSomething()
                    ? Optional.of(new Followed(trace.withoutValue(source, offset), false))
                    : Optional.empty();
        }
    }
}
