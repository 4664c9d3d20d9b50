package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.NotACheckpointException;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.compress.Compression;
import org.ptsanitize.formats.numpy.NpyHeader;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.safetensors.SafetensorsHeader;
import org.ptsanitize.formats.tar.TarDirectory;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;

/**
 * Finds out what some bytes are and opens them: first compression around everything, then the container, then, if that is
 * an archive of other files, the checkpoints among those.
 */
final class Opening {
    private static final int HEAD = 512;
    private static final int MOST_LAYERS = 2;

    private final Scratch scratch;
    private final Budget budget;
    private final Optional<String> member;

    /** @param member the path of the only member of an archive to look at */
    Opening(Scratch scratch, Budget budget, Optional<String> member) {
        this.scratch = scratch;
        this.budget = budget;
        this.member = member;
    }

    Checkpoint file(ByteSource source) throws IOException {
        return file(source, MOST_LAYERS);
    }

    private Checkpoint file(ByteSource source, int layers) throws IOException {
        ByteBuffer head = head(source);
        if (isSafetensors(head, source.size())) {
            return SafetensorsFile.open(source, budget);
        }
        Optional<Compression> compression = Compression.detect(head);
        if (compression.isPresent()) {
            return compressed(compression.get(), source, layers);
        }
        Optional<Checkpoint> known = container(source, head);
        if (known.isPresent()) {
            return known.get();
        }
        ArchiveSearch search = new ArchiveSearch(this, scratch, budget, member);
        if (isZip(head)) {
            return search.zip(source);
        }
        if (TarDirectory.isTar(head)) {
            return search.tar(source);
        }
        NotACheckpointException other = Unrecognised.name(head, source.size());
        if (other != null) {
            throw other;
        }
        try {
            return pickle(source);
        } catch (MalformedFileException e) {
            NotACheckpointException text = Unrecognised.nameText(head, e.problem());
            throw text == null ? e : text;
        }
    }

    private Checkpoint compressed(Compression compression, ByteSource source, int layers) throws IOException {
        if (layers == 0) {
            throw new UnsupportedFileException(
                    "compressed more than " + MOST_LAYERS + " times over", "", "unpack it and convert what is inside");
        }
        ByteSource bytes = compression.unpack(source, scratch, budget);
        boolean done = false;
        try {
            Checkpoint inner = file(bytes, layers - 1);
            done = true;
            return new Unpacked(compression, bytes, inner);
        } catch (FileFormatException e) {
            throw e.within("inside the " + compression.text() + " data");
        } finally {
            if (!done) {
                bytes.close();
            }
        }
    }

    private static ByteBuffer head(ByteSource source) throws IOException {
        return source.read(0, (int) Math.min(HEAD, source.size()));
    }

    /**
     * Whether the bytes are those of a safetensors file beyond doubt. Its first bytes are a length, which can be any
     * two bytes that compressed data begins with.
     */
    static boolean isSafetensors(ByteBuffer head, long size) {
        if (head.limit() < 10 || head.get(8) != '{' || head.get(9) != '"' && head.get(9) != '}') {
            return false;
        }
        long length = head.order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        return length > 0 && length <= size - Long.BYTES;
    }

    static boolean isZip(ByteBuffer head) {
        return Checkpoints.startsWith(head, 'P', 'K', 3, 4);
    }

    /** The checkpoint that some bytes are, if their first bytes are those of one and of nothing else. */
    private Optional<Checkpoint> container(ByteSource source, ByteBuffer head) throws IOException {
        if (isZip(head)) {
            return zip(source);
        } else if (NpyHeader.matches(head)) {
            return Optional.of(NumpyFile.open(source, budget));
        } else if (looksLikeSafetensors(head)) {
            return Optional.of(SafetensorsFile.open(source, budget));
        } else if (TarDirectory.isTar(head)) {
            TarDirectory directory = TarDirectory.read(source, budget);
            return LegacyTar.matches(directory) ? Optional.of(LegacyTar.open(directory, budget)) : Optional.empty();
        }
        return Optional.empty();
    }

    /** The checkpoint that a member of an archive is: nothing that only might be one. */
    Optional<Checkpoint> single(ByteSource source, ByteBuffer head) throws IOException {
        Optional<Checkpoint> known = container(source, head);
        return known.isEmpty() && isPickle(head) ? Optional.of(pickle(source)) : known;
    }

    /** Whether first bytes are those of a checkpoint that is no archive. */
    static boolean isSingle(ByteBuffer head) {
        return isPickle(head) || NpyHeader.matches(head) || looksLikeSafetensors(head);
    }

    private static boolean isPickle(ByteBuffer head) {
        return head.limit() > 2 && (head.get(0) & 0xff) == 0x80 && head.get(1) >= 2 && head.get(1) <= 5;
    }

    private Checkpoint pickle(ByteSource source) throws IOException {
        Pickle first = PickleMachine.readWithArrays(source, 0, budget);
        return LegacyStream.isMagic(first.root())
                ? LegacyStream.open(source, budget)
                : BarePickle.of(first, source, budget);
    }

    // ---- zips

    /** What is in a record of an exported program: one saved value, never an archive of several things again. */
    private Checkpoint record(ByteSource source, boolean script) throws IOException {
        if (!isZip(head(source))) {
            return pickle(source);
        }
        ZipDirectory directory = ZipDirectory.read(source, budget);
        return script ? TorchZip.openScript(directory, scratch, budget) : TorchZip.open(directory, scratch, budget);
    }

    private Optional<Checkpoint> zip(ByteSource source) throws IOException {
        long before = budget.left(Limit.MEMORY);
        ZipDirectory directory = ZipDirectory.read(source, budget);
        long directoryBytes = before - budget.left(Limit.MEMORY);
        Optional<Checkpoint> found = zip(directory);
        budget.releaseMemory(directoryBytes);
        return found;
    }

    private Optional<Checkpoint> zip(ZipDirectory directory) throws IOException {
        String root = directory.firstRoot();
        if (has(directory, root, "model.json")) {
            return Optional.of(OldTorchScript.open(directory, scratch, budget));
        }
        if (has(directory, root, "constants.pkl")) {
            return Optional.of(TorchScript.open(directory, scratch, budget));
        }
        if (ExportedProgram.matches(directory)) {
            return Optional.of(ExportedProgram.open(directory, this::record, scratch, budget));
        }
        if (has(directory, root, "data.pkl") || has(directory, root, "version")) {
            return Optional.of(TorchZip.open(directory, scratch, budget));
        }
        if (isNumpy(directory)) {
            return Optional.of(numpyArchive(directory));
        }
        Optional<String> below = unpackedRoot(directory);
        return below.isPresent()
                ? Optional.of(TorchZip.openBelow(directory, below.get(), scratch, budget))
                : Optional.empty();
    }

    private static boolean has(ZipDirectory directory, String root, String name) {
        return directory.findIgnoringCase(root + "/" + name).isPresent();
    }

    /** The folder of the only data.pkl in an archive, if its version lies beside it. */
    private static Optional<String> unpackedRoot(ZipDirectory directory) {
        String found = null;
        for (ZipMember member : directory.members()) {
            String name = member.name();
            if (name.startsWith("__MACOSX/")) {
                continue;
            }
            if (name.endsWith("/constants.pkl") || name.endsWith("/data.pkl") && found != null) {
                return Optional.empty();
            }
            if (name.endsWith("/data.pkl")) {
                found = name.substring(0, name.length() - "/data.pkl".length());
            }
        }
        return found != null && has(directory, found, "version") ? Optional.of(found) : Optional.empty();
    }

    /** Whether all members are arrays, as numpy.savez writes them. */
    private static boolean isNumpy(ZipDirectory directory) {
        for (ZipMember member : directory.members()) {
            if (!member.name().endsWith(".npy")) {
                return false;
            }
        }
        return !directory.members().isEmpty();
    }

    private Checkpoint numpyArchive(ZipDirectory directory) throws IOException {
        List<Member> members = new ArrayList<>();
        for (ZipMember member : directory.members()) {
            String name = member.name().substring(0, member.name().length() - ".npy".length());
            try {
                ByteSource bytes = directory.open(member, scratch, budget);
                if (!NpyHeader.matches(head(bytes))) {
                    throw new MalformedFileException("no numpy array");
                }
                members.add(new Member(name, NumpyFile.open(bytes, budget)));
            } catch (FileFormatException e) {
                throw e.within("member " + member);
            }
        }
        return new Bundle(Container.NUMPY_ARCHIVE, members, directory.notes());
    }

    private static boolean looksLikeSafetensors(ByteBuffer head) {
        if (head.limit() < 9) {
            return false;
        }
        long length = head.order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        int first = head.get(8);
        // An absurd length in front of a '{' is a damaged safetensors file rather than anything else.
        return first == '{' && (length < 0 || length <= SafetensorsHeader.LARGEST || head.get(0) != (byte) 0x80)
                || length > 0 && length <= SafetensorsHeader.LARGEST && isJsonSpace(first);
    }

    private static boolean isJsonSpace(int b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }
}
