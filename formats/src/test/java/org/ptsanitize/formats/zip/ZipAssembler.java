package org.ptsanitize.formats.zip;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.ptsanitize.formats.bytes.MemorySource;

/** Puts a zip archive together byte by byte, so that a test can make any single number in it a lie. */
final class ZipAssembler {
    /** One member; the fields are those of the headers and may be changed until the archive is built. */
    static final class Part {
        byte[] name;
        byte[] localName;
        byte[] data;
        byte[] extra = {};
        byte[] localExtra = {};
        byte[] behind = {};
        boolean local = true;
        boolean central = true;
        int flags;
        int localFlags;
        int method;
        int localMethod;
        int attributes;
        int disk;
        long crc;
        long localCrc;
        long packedSize;
        long localPackedSize;
        long size;
        long localSize;
        long offset = -1;
        int localSignature = LocalHeader.SIGNATURE;
    }

    private final List<Part> parts = new ArrayList<>();
    byte[] front = {};
    byte[] beforeDirectory = {};
    byte[] afterDirectory = {};
    byte[] comment = {};
    byte[] trailing = {};
    boolean zip64;
    long count = -1;
    long zip64Count = -1;
    long directorySize = -1;
    long directoryOffset = -1;
    long zip64RecordLength = 44;
    long locatorOffset = -1;
    int disk;
    int disks = 1;

    /** A stored member. */
    Part add(String name, String text) {
        return add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Part add(String name, byte[] data) {
        Part part = new Part();
        part.name = name.getBytes(StandardCharsets.UTF_8);
        part.localName = part.name;
        part.data = data;
        CRC32 crc = new CRC32();
        crc.update(data);
        part.crc = crc.getValue();
        part.localCrc = part.crc;
        setSizes(part, data.length, data.length);
        parts.add(part);
        return part;
    }

    /** A deflated member. */
    Part deflate(String name, byte[] content) {
        Part part = add(name, content);
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(content);
        deflater.finish();
        byte[] packed = new byte[content.length + 100];
        int length = deflater.deflate(packed);
        deflater.end();
        part.data = Arrays.copyOf(packed, length);
        part.method = 8;
        part.localMethod = 8;
        setSizes(part, length, content.length);
        return part;
    }

    static void setSizes(Part part, long packed, long unpacked) {
        part.packedSize = packed;
        part.localPackedSize = packed;
        part.size = unpacked;
        part.localSize = unpacked;
    }

    MemorySource source() {
        return MemorySource.of("test.zip", build());
    }

    byte[] build() {
        Bytes out = new Bytes();
        out.bytes(front);
        for (Part part : parts) {
            if (part.offset < 0) {
                part.offset = out.size();
            }
            if (part.local) {
                local(out, part);
            }
        }
        out.bytes(beforeDirectory);
        long start = out.size();
        int entries = 0;
        for (Part part : parts) {
            if (part.central) {
                central(out, part);
                entries++;
            }
        }
        out.bytes(afterDirectory);
        end(out, start, entries);
        out.bytes(comment).bytes(trailing);
        return out.toByteArray();
    }

    private static void local(Bytes out, Part part) {
        out.u4(part.localSignature)
                .u2(20)
                .u2(part.localFlags)
                .u2(part.localMethod)
                .u4(0);
        out.u4(part.localCrc).u4(part.localPackedSize).u4(part.localSize);
        out.u2(part.localName.length).u2(part.localExtra.length);
        out.bytes(part.localName).bytes(part.localExtra).bytes(part.data).bytes(part.behind);
    }

    private static void central(Bytes out, Part part) {
        out.u4(CentralHeader.SIGNATURE)
                .u2(20)
                .u2(20)
                .u2(part.flags)
                .u2(part.method)
                .u4(0);
        out.u4(part.crc).u4(part.packedSize).u4(part.size);
        out.u2(part.name.length).u2(part.extra.length).u2(0).u2(part.disk).u2(0);
        out.u4(part.attributes).u4(part.offset).bytes(part.name).bytes(part.extra);
    }

    private void end(Bytes out, long start, long entries) {
        long length = out.size() - start;
        if (zip64) {
            long record = out.size();
            long many = zip64Count == -1 ? entries : zip64Count;
            out.u4(EndOfDirectory.ZIP64_SIGNATURE)
                    .u8(zip64RecordLength)
                    .u2(45)
                    .u2(45)
                    .u4(0)
                    .u4(0);
            out.u8(many).u8(many).u8(length).u8(start);
            out.u4(EndOfDirectory.LOCATOR_SIGNATURE)
                    .u4(0)
                    .u8(locatorOffset == -1 ? record : locatorOffset)
                    .u4(disks);
        }
        long stated = count < 0 ? entries : count;
        out.bytes(endRecord(
                disk,
                stated,
                directorySize < 0 ? length : directorySize,
                directoryOffset < 0 ? start : directoryOffset,
                comment.length));
    }

    static byte[] endRecord(int disk, long count, long size, long offset, int commentLength) {
        Bytes out = new Bytes();
        out.u4(EndOfDirectory.SIGNATURE).u2(disk).u2(disk).u2(count).u2(count);
        return out.u4(size).u4(offset).u2(commentLength).toByteArray();
    }

    /** An extra field. */
    static byte[] extra(int id, long... numbers) {
        Bytes out = new Bytes().u2(id).u2(8L * numbers.length);
        for (long number : numbers) {
            out.u8(number);
        }
        return out.toByteArray();
    }

    private static final class Bytes extends ByteArrayOutputStream {
        Bytes u2(long value) {
            return number(value, 2);
        }

        Bytes u4(long value) {
            return number(value, 4);
        }

        Bytes u8(long value) {
            return number(value, 8);
        }

        private Bytes number(long value, int length) {
            byte[] bytes = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array();
            write(bytes, 0, length);
            return this;
        }

        Bytes bytes(byte[] bytes) {
            writeBytes(bytes);
            return this;
        }
    }
}
