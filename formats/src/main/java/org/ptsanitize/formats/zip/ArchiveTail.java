package org.ptsanitize.formats.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.ptsanitize.formats.bytes.ByteSource;

/**
 * The zip archive that ends some bytes, whatever stands in front of it: found as readers find it that go by the end, such
 * as Python's. Nothing about it is checked but that its end leads to its first member.
 *
 * @param start where its offsets count from
 * @param firstMember where the first member of its directory begins
 */
public record ArchiveTail(long start, long firstMember) {
    private static final int END_LENGTH = 22;
    private static final int LONGEST_COMMENT = 0xFFFF;
    private static final int LOCATOR_LENGTH = 20;
    private static final int ZIP64_LENGTH = 56;

    /** The archive whose end record is the last in the last 64 KiB. */
    public static Optional<ArchiveTail> find(ByteSource source) throws IOException {
        Optional<ArchiveTail> atTheEnd = findAtEnd(source);
        return atTheEnd.isPresent() ? atTheEnd : find(source, END_LENGTH + LONGEST_COMMENT);
    }

    /** The archive whose end record are the very last bytes. */
    public static Optional<ArchiveTail> findAtEnd(ByteSource source) throws IOException {
        return find(source, END_LENGTH);
    }

    private static Optional<ArchiveTail> find(ByteSource source, int most) throws IOException {
        int length = (int) Math.min(source.size(), most);
        long tailStart = source.size() - length;
        ByteBuffer tail = source.read(tailStart, length);
        for (int at = length - END_LENGTH; at >= 0; at--) {
            if (tail.get(at) == 'P' && tail.getInt(at) == EndOfDirectory.SIGNATURE) {
                return at(source, tailStart + at);
            }
        }
        return Optional.empty();
    }

    private static Optional<ArchiveTail> at(ByteSource source, long record) throws IOException {
        ByteBuffer end = source.read(record, END_LENGTH);
        long size = end.getInt(12) & 0xFFFF_FFFFL;
        long offset = end.getInt(16) & 0xFFFF_FFFFL;
        long directoryEnd = record;
        long zip64 = record - LOCATOR_LENGTH - ZIP64_LENGTH;
        if (zip64 >= 0
                && source.read(record - LOCATOR_LENGTH, 4).getInt() == EndOfDirectory.LOCATOR_SIGNATURE
                && source.read(zip64, 4).getInt() == EndOfDirectory.ZIP64_SIGNATURE) {
            ByteBuffer large = source.read(zip64, ZIP64_LENGTH);
            size = large.getLong(40);
            offset = large.getLong(48);
            directoryEnd = zip64;
        }
        long directory = directoryEnd - size;
        if (size < 0 || offset < 0 || directory < offset) {
            return Optional.empty();
        }
        Optional<ArchiveTail> before = from(source, directory - offset, directory, directoryEnd);
        return before.isPresent() ? before : from(source, 0, directory, directoryEnd);
    }

    /** The archive whose offsets count from {@code start}, if the first entry of its directory leads to a member. */
    private static Optional<ArchiveTail> from(ByteSource source, long start, long directory, long end)
            throws IOException {
        if (directory == end) {
            return Optional.of(new ArchiveTail(start, end));
        }
        if (end - directory < CentralHeader.FIXED_LENGTH
                || source.read(directory, 4).getInt() != CentralHeader.SIGNATURE) {
            return Optional.empty();
        }
        long member = start + (source.read(directory + 42, 4).getInt() & 0xFFFF_FFFFL);
        boolean there = member + 4 <= directory && source.read(member, 4).getInt() == LocalHeader.SIGNATURE;
        return there ? Optional.of(new ArchiveTail(start, member)) : Optional.empty();
    }
}
