package org.ptsanitize.converter.scan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.ptsanitize.converter.scan.PickleScan.Trust;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.zip.ZipMember;

/**
 * Looks for pickles in an archive whose directory cannot be trusted: behind each local header of its first bytes, as they
 * are and inflated. What is found here comes on top of the problem that led here.
 */
final class DamagedZip {
    private static final int SEARCHED = 64 << 20;
    private static final int LOCAL_HEADER = 30;
    private static final int MOST_MEMBERS = 10_000;
    private static final int INFLATED = 16 << 20;

    private final ContentScan content;
    private final String part;

    DamagedZip(ContentScan content, String part) {
        this.content = content;
        this.part = part;
    }

    /** Every member that a local header tells of, from a position on. */
    void scan(ByteSource whole, long first) throws IOException {
        ByteSource archive = whole.slice(whole.name(), first, whole.size() - first);
        int length = (int) Math.min(SEARCHED, archive.size());
        content.desk().budget().spendMemory(length, 0);
        ByteBuffer bytes = archive.read(0, length);
        int found = 0;
        for (int at = 0; at + LOCAL_HEADER <= length && found < MOST_MEMBERS; at++) {
            if (bytes.get(at) == 'P' && bytes.getInt(at) == 0x04034b50) {
                found++;
                int nameLength = bytes.getShort(at + 26) & 0xffff;
                long data = (long) at + LOCAL_HEADER + nameLength + (bytes.getShort(at + 28) & 0xffff);
                raw(archive, data, name(bytes, at + LOCAL_HEADER, nameLength));
            }
        }
        content.desk().budget().releaseMemory(length);
    }

    /** One member whose headers contradict each other. */
    void member(ByteSource archive, ZipMember member) throws IOException {
        raw(archive, member.dataOffset(), member.name());
    }

    /** What a member begins with, inflated if it has to be; as much as can be had. */
    static ByteBuffer head(ByteSource archive, ZipMember member, int length) throws IOException {
        int packed = (int) Math.min(member.compressedSize(), member.isStored() ? length : 4L * length + 64);
        ByteBuffer bytes = archive.read(member.dataOffset(), packed);
        return member.isStored() ? bytes : ByteBuffer.wrap(inflated(copy(bytes), length));
    }

    private void raw(ByteSource archive, long data, String name) throws IOException {
        if (data >= archive.size()) {
            return;
        }
        String path = part.isEmpty() ? name : part + "/" + name;
        try {
            ByteSource stored = archive.slice(name, data, archive.size() - data);
            if (PickleScan.announces(stored.read(0, (int) Math.min(2, stored.size())))) {
                content.pickles().scan(stored, 0, path, Trust.GUESS);
            }
            byte[] inflated = inflated(stored);
            if (inflated.length > 0) {
                content.pickles().scan(MemorySource.of(name, inflated), 0, path, Trust.GUESS);
            }
        } catch (FileFormatException e) {
            content.desk().problem(path, e);
        }
    }

    private static byte[] inflated(ByteSource source) throws IOException {
        ByteBuffer start = source.read(0, (int) Math.min(256, source.size()));
        if (inflated(copy(start), 2).length < 2) {
            return new byte[0];
        }
        return inflated(copy(source.read(0, (int) Math.min(INFLATED, source.size()))), INFLATED);
    }

    private static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** What deflated bytes unpack to, until they end or are damaged. */
    private static byte[] inflated(byte[] packed, int most) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            byte[] target = new byte[Math.min(most, 1 << 16)];
            int count = 0;
            while (count < most) {
                if (count == target.length) {
                    target = Arrays.copyOf(target, Math.min(most, 2 * target.length));
                }
                int more = inflater.inflate(target, count, target.length - count);
                if (more == 0) {
                    break;
                }
                count += more;
            }
            return Arrays.copyOf(target, count);
        } catch (DataFormatException e) {
            return new byte[0];
        } finally {
            inflater.end();
        }
    }

    private static String name(ByteBuffer bytes, int at, int length) {
        StringBuilder name = new StringBuilder();
        for (int i = at; i < Math.min(at + length, bytes.limit()); i++) {
            name.append((char) (bytes.get(i) & 0xff));
        }
        return name.toString();
    }
}
