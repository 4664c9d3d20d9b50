package org.ptsanitize.formats.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/**
 * The members of a zip archive, as PyTorch sees them: the central directory is the truth. What two readers could
 * understand differently is refused, so that no other reader sees other members than this one.
 *
 * <p>The directory is parsed here, not by commons-compress. What PyTorch's reader takes and what it skips has to be
 * followed field by field, every check needs the raw bytes anyway, and two parsers that disagree are the very attack to
 * be prevented; besides, a million members took that library 5 s and 460 MiB, and this class a fraction of both. Tests
 * hold the two against each other.
 *
 * <p>Immutable, so it may be used by several threads, each with its own {@link Scratch} and {@link Budget}.
 */
public final class ZipDirectory {
    private static final int COPY_BLOCK = 1 << 20;
    private static final int DIRECTORY_WINDOW = 1 << 17;
    private static final int LOCAL_WINDOW = 1 << 13;
    /** Measured bytes of heap of a member, its place in the index and its name, less the letters of the name. */
    private static final int HEAP_PER_MEMBER = 180;

    private final ByteSource source;
    private final ZipMember[] members;
    private final MemberIndex index;
    private final List<String> notes;

    private ZipDirectory(ByteSource source, ZipMember[] members, MemberIndex index, List<String> notes) {
        this.source = source;
        this.members = members;
        this.index = index;
        this.notes = List.copyOf(notes);
    }

    /**
     * Reads the directory of an archive.
     *
     * @throws MalformedFileException if it is damaged, contradicts itself, or can be understood in two ways
     * @throws UnsupportedFileException if it is split into several files
     */
    public static ZipDirectory read(ByteSource source, Budget budget) throws IOException {
        EndOfDirectory end = EndOfDirectory.read(source);
        budget.spend(Limit.ENTRIES, end.entries(), "byte " + end.offset());
        ZipMember[] members = new ZipMember[Math.toIntExact(end.entries())];
        MemberIndex index = new MemberIndex(members);
        List<String> notes = new ArrayList<>();
        ByteWindow directory = new ByteWindow(source, DIRECTORY_WINDOW);
        ByteWindow local = new ByteWindow(source, LOCAL_WINDOW);
        long at = end.offset();
        boolean utf8 = true;
        for (int i = 0; i < members.length; i++) {
            CentralHeader header = CentralHeader.read(directory, at, end.end());
            budget.spendMemory(HEAP_PER_MEMBER + header.nameBytes().length, at);
            members[i] = LocalHeader.read(local, header, end.offset());
            index.add(i);
            utf8 &= header.utf8();
            at += header.length();
        }
        if (at != end.end()) {
            throw new MalformedFileException(
                    "the central directory goes on after its " + members.length + " members", "byte " + at);
        }
        Coverage.check(members, end.offset());
        if (!utf8) {
            notes.add("some member names are not UTF-8; their bytes were read as ISO-8859-1");
        }
        if (end.trailing() > 0) {
            notes.add(end.trailing() + " bytes after the end of the archive were ignored");
        }
        return new ZipDirectory(source, members, index, notes);
    }

    /** All members in the order of the directory. */
    public List<ZipMember> members() {
        return Collections.unmodifiableList(Arrays.asList(members));
    }

    /** The member of exactly this name. */
    public Optional<ZipMember> find(String name) {
        return index.find(name);
    }

    /** The member of this name as PyTorch looks it up: without regard to the case of ASCII letters. */
    public Optional<ZipMember> findIgnoringCase(String name) {
        return index.findIgnoringCase(name);
    }

    /** What was tolerated, one sentence each. */
    public List<String> notes() {
        return notes;
    }

    /** What PyTorch takes for the folder of all members: the text before the first slash of the first name; may be empty. */
    public String firstRoot() {
        String first = members.length == 0 ? "" : members[0].name();
        return first.substring(0, Math.max(0, first.indexOf('/')));
    }

    /**
     * The bytes of a member. Those of a stored member are a range of the archive; others are inflated into memory or, if
     * they are many, into the scratch room. Closing the result gives either back.
     *
     * @throws MalformedFileException if the local header contradicts the directory, or the packed bytes do not unpack to
     *     exactly the declared size
     * @throws UnsupportedFileException if the member is encrypted, patched, packed with another method than deflate, a
     *     directory, a link or a device
     */
    public ByteSource open(ZipMember member, Scratch scratch, Budget budget) throws IOException {
        return open(member, member.name(), scratch, budget);
    }

    /** The same, under another name than that of the member. */
    public ByteSource open(ZipMember member, String name, Scratch scratch, Budget budget) throws IOException {
        checkReadable(member);
        if (member.isStored()) {
            return StoredMember.of(source, name, member);
        }
        ByteSource packed = source.slice(member.name(), member.dataOffset(), member.compressedSize());
        return Inflation.of(member, packed, scratch, budget);
    }

    private static void checkReadable(ZipMember member) throws IOException {
        if (!member.obstacle().isEmpty()) {
            throw new MalformedFileException("member " + member + " " + member.obstacle(), where(member));
        }
        if ((member.flags() & LocalHeader.UNREADABLE_FLAGS) != 0) {
            throw new UnsupportedFileException("member " + member + " is encrypted or a patch", where(member));
        }
        if (member.method() != ZipMember.STORED && member.method() != ZipMember.DEFLATED) {
            throw new UnsupportedFileException(
                    "member " + member + " is packed with method " + member.method()
                            + ", only stored (0) and deflated (8) are read",
                    where(member));
        }
        if (!isRegularFile(member)) {
            throw new UnsupportedFileException("member " + member + " is not a regular file", where(member));
        }
        if (member.isStored() && member.compressedSize() != member.size()) {
            throw new MalformedFileException(
                    "member " + member + " is stored, but has " + member.compressedSize() + " bytes packed and "
                            + member.size() + " unpacked",
                    where(member));
        }
    }

    private static String where(ZipMember member) {
        return "byte " + member.headerOffset();
    }

    private static boolean isRegularFile(ZipMember member) {
        int dosDirectory = 0x10;
        int unixType = member.externalAttributes() >>> 28;
        int unixRegular = 8;
        return !member.name().endsWith("/")
                && (member.externalAttributes() & dosDirectory) == 0
                && (unixType == 0 || unixType == unixRegular);
    }

    /**
     * Whether the bytes of an opened member have the CRC-32 that the directory states. A stated 0 means that none was
     * computed.
     */
    public static boolean verifyCrc(ZipMember member, ByteSource opened) throws IOException {
        return member.crc() == 0 || member.crc() == crc32(opened);
    }

    /** The CRC-32 of all bytes of a source. */
    public static long crc32(ByteSource source) throws IOException {
        CRC32 crc = new CRC32();
        ByteBuffer block = ByteBuffer.allocateDirect((int) Math.min(COPY_BLOCK, source.size()));
        for (long at = 0; at < source.size(); at += block.capacity()) {
            block.clear().limit((int) Math.min(block.capacity(), source.size() - at));
            source.readFully(at, block);
            crc.update(block.flip());
        }
        return crc.getValue();
    }
}
