package org.ptsanitize.formats.zip;

import java.util.Arrays;
import java.util.Comparator;
import org.ptsanitize.formats.bytes.MalformedFileException;

/**
 * Proves that every byte in front of the directory belongs to exactly one member: its local header, its data or the data
 * descriptor behind it. So nothing hides between members, in front of them, or in two of them.
 */
final class Coverage {
    private static final Comparator<ZipMember> BY_POSITION = Comparator.comparingLong(ZipMember::headerOffset);

    private Coverage() {}

    static void check(ZipMember[] members, long directoryOffset) throws MalformedFileException {
        ZipMember[] sorted = sorted(members);
        long end = 0;
        for (int i = 0; i < sorted.length; i++) {
            ZipMember member = sorted[i];
            if (member.headerOffset() < end) {
                throw new MalformedFileException(
                        "members " + sorted[i - 1] + " and " + member + " share bytes",
                        "byte " + member.headerOffset());
            }
            if (member.headerOffset() != end) {
                String place = i == 0 ? "in front of the first member" : "behind member " + sorted[i - 1];
                throw gap(place, end, member.headerOffset());
            }
            long next = i + 1 < sorted.length ? sorted[i + 1].headerOffset() : directoryOffset;
            end = member.dataEnd() + descriptorLength(member, next - member.dataEnd());
        }
        if (end != directoryOffset) {
            throw gap("in front of the directory", end, directoryOffset);
        }
    }

    private static ZipMember[] sorted(ZipMember[] members) {
        for (int i = 1; i < members.length; i++) {
            if (members[i - 1].headerOffset() > members[i].headerOffset()) {
                ZipMember[] sorted = members.clone();
                Arrays.sort(sorted, BY_POSITION);
                return sorted;
            }
        }
        return members;
    }

    /** The length of the data descriptor, with or without its signature and with sizes of 4 or 8 bytes; 0 if it is none. */
    private static long descriptorLength(ZipMember member, long gap) {
        boolean descriptor = (member.flags() & LocalHeader.FLAG_DESCRIPTOR) != 0;
        return descriptor && (gap == 12 || gap == 16 || gap == 20 || gap == 24) ? gap : 0;
    }

    private static MalformedFileException gap(String place, long start, long end) {
        return new MalformedFileException((end - start) + " bytes " + place + " belong to no member", "byte " + start);
    }
}
