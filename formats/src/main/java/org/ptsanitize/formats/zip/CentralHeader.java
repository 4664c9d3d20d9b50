package org.ptsanitize.formats.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/**
 * One header of the central directory.
 *
 * @param name the name as UTF-8, or as ISO-8859-1 where the bytes are not UTF-8
 * @param utf8 whether the bytes are UTF-8
 * @param nameBytes the name as it is written, not to be changed
 * @param length the bytes of the whole header
 */
record CentralHeader(
        String name,
        boolean utf8,
        byte[] nameBytes,
        int flags,
        int method,
        int crc,
        long compressedSize,
        long size,
        long headerOffset,
        int externalAttributes,
        int length) {
    static final int FIXED_LENGTH = 46;
    static final int SIGNATURE = 0x02014b50;
    static final long IN_ZIP64 = 0xFFFF_FFFFL;
    /** PyTorch cuts longer names. */
    static final int LONGEST_NAME = 512;

    private static final int FLAG_UTF8 = 0x800;

    /**
     * Reads the header at a position.
     *
     * @param end the end of the directory
     */
    static CentralHeader read(ByteWindow in, long at, long end) throws IOException {
        if (at > end - FIXED_LENGTH) {
            throw new MalformedFileException("the central directory is shorter than its entry count says", where(at));
        }
        if (in.i4(at) != SIGNATURE) {
            throw new MalformedFileException("no header of a central directory where one is expected", where(at));
        }
        int nameLength = in.u2(at + 28);
        int extraLength = in.u2(at + 30);
        int length = FIXED_LENGTH + nameLength + extraLength + in.u2(at + 32);
        if (length > end - at) {
            throw new MalformedFileException(
                    "a directory header of " + length + " bytes runs past its directory", where(at));
        }
        if (in.u2(at + 34) != 0) {
            throw new UnsupportedFileException("an archive split into several files", where(at));
        }
        Name name = Name.of(in, at, nameLength, (in.u2(at + 8) & FLAG_UTF8) != 0);
        Zip64 sizes = Zip64.read(in, at, at + FIXED_LENGTH + nameLength, extraLength, name.text);
        return new CentralHeader(
                name.text,
                name.utf8,
                name.bytes,
                in.u2(at + 8),
                in.u2(at + 10),
                in.i4(at + 16),
                sizes.compressedSize,
                sizes.size,
                sizes.headerOffset,
                in.i4(at + 38),
                length);
    }

    private static String where(long at) {
        return "byte " + at;
    }

    private record Name(String text, boolean utf8, byte[] bytes) {
        static Name of(ByteWindow in, long at, int length, boolean mustBeUtf8) throws IOException {
            if (length == 0 || length > LONGEST_NAME) {
                throw new MalformedFileException(
                        "a member name of " + length + " bytes, 1 to " + LONGEST_NAME + " expected", where(at));
            }
            byte[] bytes = in.bytes(at + FIXED_LENGTH, length);
            boolean ascii = true;
            for (byte b : bytes) {
                if (b == 0) {
                    throw new MalformedFileException(
                            "a member name with a NUL: "
                                    + Printable.quote(new String(bytes, StandardCharsets.ISO_8859_1)),
                            where(at));
                }
                ascii &= b > 0;
            }
            return ascii
                    ? new Name(new String(bytes, StandardCharsets.ISO_8859_1), true, bytes)
                    : decode(bytes, at, mustBeUtf8);
        }

        private static Name decode(byte[] bytes, long at, boolean mustBeUtf8) throws MalformedFileException {
            try {
                return new Name(
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(bytes))
                                .toString(),
                        true,
                        bytes);
            } catch (CharacterCodingException e) {
                String latin1 = new String(bytes, StandardCharsets.ISO_8859_1);
                if (mustBeUtf8) {
                    throw new MalformedFileException(
                            "a member name that is said to be UTF-8, but is not: " + Printable.quote(latin1),
                            where(at));
                }
                return new Name(latin1, false, bytes);
            }
        }
    }

    /**
     * The three numbers that overflow into the zip64 extra field when they are all ones. As in PyTorch, extra fields are
     * looked at only then, and the first zip64 field counts; here a second one is an error.
     */
    private record Zip64(long size, long compressedSize, long headerOffset) {
        private static final int ID = 1;

        static Zip64 read(ByteWindow in, long at, long extra, int extraLength, String name) throws IOException {
            long size = in.u4(at + 24);
            long compressedSize = in.u4(at + 20);
            long headerOffset = in.u4(at + 42);
            if (size != IN_ZIP64 && compressedSize != IN_ZIP64 && headerOffset != IN_ZIP64) {
                return new Zip64(size, compressedSize, headerOffset);
            }
            long next = find(in, extra, extra + extraLength, name);
            long end = next + in.u2(next - 2);
            if (size == IN_ZIP64) {
                size = value(in, next, end, name);
                next += 8;
            }
            if (compressedSize == IN_ZIP64) {
                compressedSize = value(in, next, end, name);
                next += 8;
            }
            if (headerOffset == IN_ZIP64) {
                headerOffset = value(in, next, end, name);
            }
            return new Zip64(size, compressedSize, headerOffset);
        }

        /** The position of the zip64 field's content. */
        private static long find(ByteWindow in, long start, long end, String name) throws IOException {
            long found = -1;
            for (long at = start; at < end; ) {
                if (end - at < 4 || in.u2(at + 2) > end - at - 4) {
                    throw malformed("damaged extra fields", at, name);
                }
                if (in.u2(at) == ID) {
                    if (found >= 0) {
                        throw malformed("two zip64 fields", at, name);
                    }
                    found = at + 4;
                }
                at += 4 + in.u2(at + 2);
            }
            if (found < 0) {
                throw malformed("no zip64 field, though its sizes need one", start, name);
            }
            return found;
        }

        private static long value(ByteWindow in, long at, long end, String name) throws IOException {
            if (end - at < 8) {
                throw malformed("a zip64 field that is too short", at, name);
            }
            long value = in.i8(at);
            if (value < 0) {
                throw malformed("a zip64 field with the absurd value " + Long.toUnsignedString(value), at, name);
            }
            return value;
        }

        private static MalformedFileException malformed(String what, long at, String name) {
            return new MalformedFileException("member " + Printable.quote(name) + " has " + what, where(at));
        }
    }
}
