package org.ptsanitize.formats.zip;

import java.io.IOException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;

/**
 * The header in front of a member's data. Only its lengths are used, to find the data; the rest is compared with the
 * directory, because other readers believe it.
 */
final class LocalHeader {
    static final int FIXED_LENGTH = 30;
    static final int SIGNATURE = 0x04034b50;
    /** Encrypted, patched, strongly encrypted, masked. */
    static final int UNREADABLE_FLAGS = 0x1 | 0x20 | 0x40 | 0x2000;
    /** Sizes and CRC follow the data. */
    static final int FLAG_DESCRIPTOR = 0x8;

    private LocalHeader() {}

    /**
     * Reads the local header of a member.
     *
     * @param end the start of the directory, where member data ends at the latest
     */
    static ZipMember read(ByteWindow in, CentralHeader header, long end) throws IOException {
        long at = header.headerOffset();
        if (at > end - FIXED_LENGTH || in.i4(at) != SIGNATURE) {
            throw malformed("has no local header where the directory says", at, header);
        }
        int nameLength = in.u2(at + 26);
        long dataOffset = at + FIXED_LENGTH + nameLength + in.u2(at + 28);
        if (dataOffset > end || header.compressedSize() > end - dataOffset) {
            throw malformed("of " + header.compressedSize() + " bytes runs into the directory", at, header);
        }
        return new ZipMember(header, dataOffset, obstacle(in, header, nameLength));
    }

    /** How the local header contradicts the directory, or an empty text. */
    private static String obstacle(ByteWindow in, CentralHeader header, int nameLength) throws IOException {
        long at = header.headerOffset();
        if (nameLength != header.nameBytes().length || !in.matches(at + FIXED_LENGTH, header.nameBytes())) {
            return "has another name in its local header";
        }
        if (in.u2(at + 8) != header.method()) {
            return "has compression method " + header.method() + " in the directory and " + in.u2(at + 8)
                    + " in its local header";
        }
        int flags = in.u2(at + 6);
        if (((flags ^ header.flags()) & UNREADABLE_FLAGS) != 0) {
            return "has other flags in its local header";
        }
        boolean later = (flags & FLAG_DESCRIPTOR) != 0;
        if (!isSame(in.u4(at + 18), header.compressedSize(), later)
                || !isSame(in.u4(at + 22), header.size(), later)
                || !isSame(in.u4(at + 14), header.crc() & 0xFFFF_FFFFL, later)) {
            return "has another size or CRC in its local header";
        }
        return "";
    }

    private static boolean isSame(long local, long central, boolean later) {
        return local == central || local == CentralHeader.IN_ZIP64 || (later && local == 0);
    }

    private static MalformedFileException malformed(String problem, long at, CentralHeader header) {
        return new MalformedFileException("member " + Printable.quote(header.name()) + " " + problem, "byte " + at);
    }
}
