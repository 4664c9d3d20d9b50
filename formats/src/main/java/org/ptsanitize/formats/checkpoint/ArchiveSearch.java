package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.NotACheckpointException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.compress.Compression;
import org.ptsanitize.formats.tar.TarDirectory;
import org.ptsanitize.formats.tar.TarMember;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;

/**
 * Finds the checkpoints in an archive of files, also those in archives inside it, to a bounded depth. Texts, pictures and
 * whatever else lies beside them are passed over and named in a note.
 */
final class ArchiveSearch {
    private static final int MOST_LEVELS = 3;
    private static final int HEAD = 512;

    private final Opening opening;
    private final Scratch scratch;
    private final Budget budget;
    private final Optional<String> wanted;
    private final PassedOver passedOver = new PassedOver();

    /** @param wanted the path of the only member to look at, names of archives in the archive joined by slashes */
    ArchiveSearch(Opening opening, Scratch scratch, Budget budget, Optional<String> wanted) {
        this.opening = opening;
        this.scratch = scratch;
        this.budget = budget;
        this.wanted = wanted;
    }

    /** The checkpoints in a zip that is none itself. */
    Checkpoint zip(ByteSource source) throws IOException {
        ZipDirectory directory = ZipDirectory.read(source, budget);
        List<Member> members = members(directory, "", 1);
        checkFound(members);
        if (members.isEmpty()) {
            throw new NotACheckpointException(
                    "a zip without a record " + directory.firstRoot() + "/data.pkl, so not a checkpoint",
                    "",
                    "if there is one somewhere inside, unpack it and convert that");
        }
        List<String> notes = new ArrayList<>(directory.notes());
        notes.addAll(passedOver.notes());
        return new Bundle(Container.ZIP, members, notes);
    }

    /** The checkpoints in a tar that is none itself. */
    Checkpoint tar(ByteSource source) throws IOException {
        List<Member> members = members(TarDirectory.read(source, budget), "", 1);
        checkFound(members);
        if (members.isEmpty()) {
            throw new NotACheckpointException(
                    "a tar archive without a checkpoint in it", "", "unpack it and see what is inside");
        }
        return new Bundle(Container.TAR, members, passedOver.notes());
    }

    private void checkFound(List<Member> members) throws UnsupportedFileException {
        if (members.isEmpty() && !passedOver.tooDeep.isEmpty()) {
            throw new UnsupportedFileException(
                    "archives more than " + MOST_LEVELS + " deep in one another, no checkpoint before",
                    "member " + passedOver.tooDeep.get(0),
                    "unpack it and convert what is inside");
        }
        if (wanted.isPresent() && members.isEmpty()) {
            throw new UnsupportedFileException(
                    "no checkpoint in a member " + Printable.quote(wanted.get()),
                    "",
                    "name one of " + passedOver.all());
        }
    }

    private List<Member> members(ZipDirectory directory, String path, int level) throws IOException {
        List<Member> members = new ArrayList<>();
        for (ZipMember member : directory.members()) {
            if (member.name().endsWith("/") || member.name().startsWith("__MACOSX/")) {
                continue;
            }
            try {
                if (isOnTheWay(path + member.name())) {
                    add(members, path, member.name(), directory.open(member, scratch, budget), level);
                }
            } catch (FileFormatException e) {
                throw e.within("member " + member);
            }
        }
        return members;
    }

    private List<Member> members(TarDirectory directory, String path, int level) throws IOException {
        List<Member> members = new ArrayList<>();
        for (TarMember member : directory.members()) {
            try {
                if (member.regular() && isOnTheWay(path + member.name())) {
                    add(members, path, member.name(), member.bytes(), level);
                }
            } catch (FileFormatException e) {
                throw e.within("member " + Printable.quote(member.name()));
            }
        }
        return members;
    }

    private boolean isOnTheWay(String path) {
        boolean yes =
                wanted.isEmpty() || (wanted.get() + "/").startsWith(path + "/") || path.startsWith(wanted.get() + "/");
        if (!yes) {
            passedOver.add(path);
        }
        return yes;
    }

    private void add(List<Member> members, String path, String name, ByteSource bytes, int level) throws IOException {
        Optional<Checkpoint> found = checkpoint(bytes, path + name, level);
        if (found.isPresent()) {
            members.add(new Member(name, found.get()));
        } else {
            bytes.close();
        }
    }

    private Optional<Checkpoint> checkpoint(ByteSource bytes, String path, int level) throws IOException {
        ByteBuffer head = bytes.read(0, (int) Math.min(HEAD, bytes.size()));
        Optional<Checkpoint> known = opening.single(bytes, head);
        if (known.isPresent()) {
            return known;
        }
        boolean zip = Opening.isZip(head);
        if (zip || TarDirectory.isTar(head)) {
            return archive(bytes, zip, path, level);
        }
        Optional<Compression> compression = Compression.detect(head);
        if (compression.isPresent() && level < MOST_LEVELS && mayHoldOne(compression.get(), bytes)) {
            return unpacked(compression.get(), bytes, path, level);
        }
        passedOver.add(path);
        return Optional.empty();
    }

    private Optional<Checkpoint> archive(ByteSource bytes, boolean zip, String path, int level) throws IOException {
        if (level == MOST_LEVELS) {
            passedOver.addTooDeep(path);
            return Optional.empty();
        }
        List<Member> members = zip
                ? members(ZipDirectory.read(bytes, budget), path + "/", level + 1)
                : members(TarDirectory.read(bytes, budget), path + "/", level + 1);
        return members.isEmpty()
                ? Optional.empty()
                : Optional.of(new Bundle(zip ? Container.ZIP : Container.TAR, members, List.of()));
    }

    private Optional<Checkpoint> unpacked(Compression compression, ByteSource packed, String path, int level)
            throws IOException {
        ByteSource bytes = compression.unpack(packed, scratch, budget);
        Optional<Checkpoint> inner = Optional.empty();
        try {
            inner = checkpoint(bytes, path, level + 1);
            return inner.map(checkpoint -> new Unpacked(compression, bytes, checkpoint));
        } finally {
            if (inner.isEmpty()) {
                bytes.close();
            }
        }
    }

    /** Whether compressed bytes begin like a checkpoint or archive; other ones are not worth unpacking. */
    private boolean mayHoldOne(Compression compression, ByteSource packed) throws IOException {
        try {
            ByteBuffer head = compression.peek(packed, HEAD, budget);
            return Opening.isZip(head) || TarDirectory.isTar(head) || Opening.isSingle(head);
        } catch (LimitExceededException e) {
            throw e;
        } catch (FileFormatException e) {
            return false;
        }
    }

    /** Members that no checkpoint was found in. */
    private static final class PassedOver {
        private static final int MOST_NAMES = 5;

        private final List<String> names = new ArrayList<>();
        private final List<String> tooDeep = new ArrayList<>();
        private int count;

        void add(String name) {
            count++;
            if (names.size() < MOST_NAMES) {
                names.add(Printable.quote(name));
            }
        }

        void addTooDeep(String name) {
            if (tooDeep.size() < MOST_NAMES) {
                tooDeep.add(Printable.quote(name));
            }
        }

        String all() {
            return String.join(", ", names) + (count > names.size() ? " and " + (count - names.size()) + " more" : "");
        }

        List<String> notes() {
            List<String> notes = new ArrayList<>();
            if (count > 0) {
                notes.add((count == 1 ? "a member that is no checkpoint is" : "members that are no checkpoints are")
                        + " ignored: " + all());
            }
            if (!tooDeep.isEmpty()) {
                notes.add("archives more than " + MOST_LEVELS + " deep in one another are not looked into: "
                        + String.join(", ", tooDeep));
            }
            return notes;
        }
    }
}
