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
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.compress.Compression;
import org.ptsanitize.formats.numpy.NpyHeader;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.tar.TarDirectory;
import org.ptsanitize.formats.tar.TarMember;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;

/**
 * Finds out what some bytes are and opens them: first compression around everything, then the container, then, if that is
 * an archive of other files, the checkpoints among those.
 */
final class Opening {
    private static final int HEAD = 512;
    private static final int MOST_LAYERS = 2;
    private static final long MAX_SAFETENSORS_HEADER = 100_000_000;

    private final Scratch scratch;
    private final Budget budget;

    Opening(Scratch scratch, Budget budget) {
        this.scratch = scratch;
        this.budget = budget;
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
        if (isZip(head)) {
            return zipBundle(source);
        }
        if (TarDirectory.isTar(head)) {
            return tarBundle(source);
        }
        NotACheckpointException other = Unrecognised.name(head, source.size());
        if (other != null) {
            throw other;
        }
        return pickle(source);
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

    private Checkpoint zipBundle(ByteSource source) throws IOException {
        ZipDirectory directory = ZipDirectory.read(source, budget);
        List<Member> members = new ArrayList<>();
        Ignored ignored = new Ignored();
        for (ZipMember member : directory.members()) {
            if (member.name().endsWith("/") || member.name().startsWith("__MACOSX/")) {
                continue;
            }
            try {
                add(members, ignored, member.name(), directory.open(member, scratch, budget));
            } catch (FileFormatException e) {
                throw e.within("member " + member);
            }
        }
        if (members.isEmpty()) {
            throw new NotACheckpointException(
                    "a zip without a record " + directory.firstRoot() + "/data.pkl, so not a checkpoint",
                    "",
                    "if there is one somewhere inside, unpack it and convert that");
        }
        List<String> notes = new ArrayList<>(directory.notes());
        notes.addAll(ignored.notes());
        return new Bundle(Container.ZIP, members, notes);
    }

    private Checkpoint tarBundle(ByteSource source) throws IOException {
        TarDirectory directory = TarDirectory.read(source, budget);
        List<Member> members = new ArrayList<>();
        Ignored ignored = new Ignored();
        for (TarMember member : directory.members()) {
            if (!member.regular()) {
                continue;
            }
            try {
                add(members, ignored, member.name(), member.bytes());
            } catch (FileFormatException e) {
                throw e.within("member " + Printable.quote(member.name()));
            }
        }
        if (members.isEmpty()) {
            throw new NotACheckpointException(
                    "a tar archive without a checkpoint in it", "", "unpack it and see what is inside");
        }
        return new Bundle(Container.TAR, members, ignored.notes());
    }

    /** Members that are no checkpoints. */
    private static final class Ignored {
        private static final int MOST_NAMES = 5;

        private final List<String> names = new ArrayList<>();
        private int count;

        void add(String name) {
            count++;
            if (names.size() < MOST_NAMES) {
                names.add(Printable.quote(name));
            }
        }

        List<String> notes() {
            if (count == 0) {
                return List.of();
            }
            String more = count > names.size() ? " and " + (count - names.size()) + " more" : "";
            return List.of((count == 1 ? "a member that is no checkpoint is" : "members that are no checkpoints are")
                    + " ignored: " + String.join(", ", names) + more);
        }
    }

    /** Opens one member of an archive if it is a checkpoint. What it holds is not looked through for more archives. */
    private void add(List<Member> members, Ignored ignored, String name, ByteSource bytes) throws IOException {
        ByteBuffer head = head(bytes);
        Optional<Checkpoint> known = container(bytes, head);
        boolean pickle = head.limit() > 2 && (head.get(0) & 0xff) == 0x80 && head.get(1) >= 2 && head.get(1) <= 5;
        if (known.isEmpty() && pickle) {
            known = Optional.of(pickle(bytes));
        }
        if (known.isPresent()) {
            members.add(new Member(name, known.get()));
        } else {
            ignored.add(name);
            bytes.close();
        }
    }

    private static boolean looksLikeSafetensors(ByteBuffer head) {
        if (head.limit() < 9) {
            return false;
        }
        long length = head.order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        int first = head.get(8);
        // An absurd length in front of a '{' is a damaged safetensors file rather than anything else.
        return first == '{' && (length < 0 || length <= MAX_SAFETENSORS_HEADER || head.get(0) != (byte) 0x80)
                || length > 0 && length <= MAX_SAFETENSORS_HEADER && isJsonSpace(first);
    }

    private static boolean isJsonSpace(int b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }
}
