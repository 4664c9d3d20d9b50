package org.ptsanitize.formats.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/**
 * What the records at the end of an archive say about its central directory. As in PyTorch, the last signature in the
 * last 64 KiB counts, and a zip64 record counts whenever its locator stands in front. Where another reader could take
 * another signature, or two numbers disagree, the archive is refused.
 *
 * @param entries the number of members
 * @param offset where the directory starts
 * @param end where it ends
 * @param trailing the bytes behind the archive and its comment
 */
record EndOfDirectory(long entries, long offset, long end, long trailing) {
    static final int SIGNATURE = 0x06054b50;
    private static final int LENGTH = 22;
    static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_LENGTH = 20;
    static final int ZIP64_SIGNATURE = 0x06064b50;
    private static final int ZIP64_LENGTH = 56;
    static final int IN_ZIP64_COUNT = 0xFFFF;

    static EndOfDirectory read(ByteSource source) throws IOException {
        int length = (int) Math.min(source.size(), LENGTH + 0xFFFF);
        long tailStart = source.size() - length;
        ByteBuffer tail = source.read(tailStart, length);
        int at = previous(tail, length);
        if (at < 0) {
            throw new MalformedFileException(
                    "no end of a zip directory: the file is cut short or damaged", "byte " + source.size());
        }
        ByteWindow in = new ByteWindow(source, 64);
        EndOfDirectory found = parse(in, tailStart + at, source.size());
        for (int other = previous(tail, at); other >= 0; other = previous(tail, other)) {
            boolean memberData = found.trailing == 0 && tailStart + other < found.offset;
            if (!memberData && isPlausible(in, tailStart + other)) {
                throw new MalformedFileException(
                        "two ends of a zip directory, readers take one or the other",
                        "bytes " + (tailStart + other) + " and " + (tailStart + at));
            }
        }
        return found;
    }

    /** The index of the last signature before a limit that has room for the whole record, or -1. */
    private static int previous(ByteBuffer tail, int before) {
        int last = Math.min(before - 1, tail.limit() - LENGTH);
        for (int at = last; at >= 0; at--) {
            if (tail.get(at) == 'P' && tail.getInt(at) == SIGNATURE) {
                return at;
            }
        }
        return -1;
    }

    /** Whether a reader could find a directory through the record at a position: an empty one, by its offset, or backwards. */
    private static boolean isPlausible(ByteWindow in, long at) throws IOException {
        if (at >= LOCATOR_LENGTH && in.i4(at - LOCATOR_LENGTH) == LOCATOR_SIGNATURE) {
            return true;
        }
        long size = in.u4(at + 12);
        return (size == 0 && in.u2(at + 10) == 0) || isHeader(in, in.u4(at + 16), at) || isHeader(in, at - size, at);
    }

    private static boolean isHeader(ByteWindow in, long at, long end) throws IOException {
        return at >= 0 && at <= end - CentralHeader.FIXED_LENGTH && in.i4(at) == CentralHeader.SIGNATURE;
    }

    private static EndOfDirectory parse(ByteWindow in, long at, long fileSize) throws IOException {
        int entries = in.u2(at + 10);
        checkOneDisk(in.u2(at + 4), in.u2(at + 6), in.u2(at + 8), entries, at);
        long size = in.u4(at + 12);
        long offset = in.u4(at + 16);
        long trailing = fileSize - at - LENGTH - in.u2(at + 20);
        if (trailing < 0) {
            throw new MalformedFileException("the archive comment runs past the end of the file", where(at));
        }
        boolean zip64 = at >= LOCATOR_LENGTH + ZIP64_LENGTH && in.i4(at - LOCATOR_LENGTH) == LOCATOR_SIGNATURE;
        if (!zip64) {
            return checked(entries, size, offset, at, trailing);
        }
        long record = zip64Record(in, at - LOCATOR_LENGTH);
        long trueEntries = in.i8(record + 32);
        long trueSize = in.i8(record + 40);
        long trueOffset = in.i8(record + 48);
        agree("entry count", entries, IN_ZIP64_COUNT, trueEntries, record);
        agree("directory size", size, CentralHeader.IN_ZIP64, trueSize, record);
        agree("directory offset", offset, CentralHeader.IN_ZIP64, trueOffset, record);
        return checked(trueEntries, trueSize, trueOffset, record, trailing);
    }

    /** The position of the zip64 record that a locator points at. */
    private static long zip64Record(ByteWindow in, long locator) throws IOException {
        long record = in.i8(locator + 8);
        if (record < 0 || record > locator - ZIP64_LENGTH || in.i4(record) != ZIP64_SIGNATURE) {
            throw new MalformedFileException(
                    "the zip64 locator points to byte " + Long.toUnsignedString(record) + ", where no zip64 record is",
                    where(locator));
        }
        long length = in.i8(record + 4);
        if (length != locator - record - 12) {
            throw new MalformedFileException(
                    "a zip64 record of " + Long.toUnsignedString(length) + " bytes, " + (locator - record - 12)
                            + " expected",
                    where(record));
        }
        if (in.i4(locator + 4) != 0 || in.i4(locator + 16) != 1) {
            throw new UnsupportedFileException("an archive split into several files", where(locator));
        }
        checkOneDisk(in.i4(record + 16), in.i4(record + 20), in.i8(record + 24), in.i8(record + 32), record);
        return record;
    }

    private static void checkOneDisk(int disk, int directoryDisk, long here, long all, long at)
            throws UnsupportedFileException {
        if (disk != 0 || directoryDisk != 0 || here != all) {
            throw new UnsupportedFileException("an archive split into several files", where(at));
        }
    }

    private static void agree(String what, long value, long marker, long zip64Value, long at)
            throws MalformedFileException {
        if (value != marker && value != zip64Value) {
            throw new MalformedFileException(
                    "the " + what + " is " + value + " at the end of the file and " + Long.toUnsignedString(zip64Value)
                            + " in the zip64 record",
                    where(at));
        }
    }

    /**
     * Checks that the directory ends where the records behind it start.
     *
     * @param end the start of the first of those records
     */
    private static EndOfDirectory checked(long entries, long size, long offset, long end, long trailing)
            throws MalformedFileException {
        if (size < 0 || offset < 0 || offset > end || size != end - offset) {
            throw new MalformedFileException(
                    "a central directory of " + Long.toUnsignedString(size) + " bytes from byte "
                            + Long.toUnsignedString(offset) + " does not end at its end record",
                    where(end));
        }
        if (entries < 0 || entries > size / CentralHeader.FIXED_LENGTH) {
            throw new MalformedFileException(
                    "a central directory of " + size + " bytes cannot hold " + Long.toUnsignedString(entries)
                            + " members",
                    where(offset));
        }
        return new EndOfDirectory(entries, offset, end, trailing);
    }

    private static String where(long at) {
        return "byte " + at;
    }
}
