package org.ptsanitize.properties.generate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** The bytes of a zip file, laid out as a style says. */
final class ZipRecords {
    private static final int LOCAL = 0x04034b50;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int END = 0x06054b50;
    private static final int UTF_8 = 1 << 11;
    private static final int HAS_DESCRIPTOR = 1 << 3;
    private static final int LOCAL_LENGTH = 30;
    private static final int PADDING_HEADER = 4;

    private final ZipStyle style;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private int count;

    ZipRecords(ZipStyle style) {
        this.style = style;
    }

    void add(String name, byte[] content, boolean deflated) {
        byte[] path = (style.root() + "/" + name).getBytes(StandardCharsets.UTF_8);
        byte[] data = deflated ? deflate(content) : content;
        CRC32 checksum = new CRC32();
        checksum.update(content);
        int crc = (int) checksum.getValue();
        boolean descriptor = style.descriptors() && content.length > 0;
        int offset = out.size();
        addHeader(out, LOCAL, descriptor, deflated);
        addSizes(out, descriptor ? 0 : crc, descriptor ? 0 : data.length, descriptor ? 0 : content.length);
        byte[] sizes = sizes64(descriptor ? 0 : data.length, descriptor ? 0 : content.length);
        byte[] padding = padding(LOCAL_LENGTH + path.length + sizes.length);
        out.writeBytes(Ops.u2(path.length));
        out.writeBytes(Ops.u2(sizes.length + padding.length));
        out.writeBytes(path);
        out.writeBytes(sizes);
        out.writeBytes(padding);
        out.writeBytes(data);
        if (descriptor) {
            out.writeBytes(Ops.i4(DESCRIPTOR));
            out.writeBytes(Ops.i4(crc));
            out.writeBytes(style.zip64() ? Ops.i8(data.length) : Ops.i4(data.length));
            out.writeBytes(style.zip64() ? Ops.i8(content.length) : Ops.i4(content.length));
        }
        addHeader(directory, CENTRAL, descriptor, deflated);
        addSizes(directory, crc, data.length, content.length);
        byte[] extra = sizes64(data.length, content.length);
        directory.writeBytes(Ops.u2(path.length));
        directory.writeBytes(Ops.u2(extra.length));
        directory.writeBytes(new byte[10]);
        directory.writeBytes(Ops.i4(offset));
        directory.writeBytes(path);
        directory.writeBytes(extra);
        count++;
    }

    private static void addHeader(ByteArrayOutputStream to, int signature, boolean descriptor, boolean deflated) {
        to.writeBytes(Ops.i4(signature));
        if (signature == CENTRAL) {
            to.writeBytes(Ops.u2(0));
        }
        to.writeBytes(Ops.u2(0));
        to.writeBytes(Ops.u2(UTF_8 | (descriptor ? HAS_DESCRIPTOR : 0)));
        to.writeBytes(Ops.u2(deflated ? 8 : 0));
        to.writeBytes(Ops.i4(0));
    }

    private void addSizes(ByteArrayOutputStream to, int crc, int packed, int whole) {
        to.writeBytes(Ops.i4(crc));
        to.writeBytes(Ops.i4(style.zip64() ? -1 : packed));
        to.writeBytes(Ops.i4(style.zip64() ? -1 : whole));
    }

    /** The extra field with sizes of 64 bits, or nothing. */
    private byte[] sizes64(int packed, int whole) {
        if (!style.zip64()) {
            return new byte[0];
        }
        ByteArrayOutputStream extra = new ByteArrayOutputStream();
        extra.writeBytes(Ops.u2(1));
        extra.writeBytes(Ops.u2(16));
        extra.writeBytes(Ops.i8(whole));
        extra.writeBytes(Ops.i8(packed));
        return extra.toByteArray();
    }

    /** The extra field that lets the data begin at the alignment, or nothing. */
    private byte[] padding(int headerLength) {
        if (style.alignment() == 1) {
            return new byte[0];
        }
        int unpadded = (int) ((out.size() - (long) fixedPart()) + headerLength + PADDING_HEADER);
        int length = (style.alignment() - unpadded % style.alignment()) % style.alignment();
        ByteArrayOutputStream extra = new ByteArrayOutputStream();
        extra.writeBytes("FB".getBytes(StandardCharsets.US_ASCII));
        extra.writeBytes(Ops.u2(length));
        extra.writeBytes("Z".repeat(length).getBytes(StandardCharsets.US_ASCII));
        return extra.toByteArray();
    }

    /** What of the header is in the output already when the padding is computed: all but the two lengths behind it. */
    private static int fixedPart() {
        return LOCAL_LENGTH - 4;
    }

    byte[] finish() {
        long start = out.size();
        out.writeBytes(directory.toByteArray());
        long end = out.size();
        out.writeBytes(Ops.i4(END_64));
        out.writeBytes(Ops.i8(44));
        out.writeBytes(Ops.u2(45));
        out.writeBytes(Ops.u2(45));
        out.writeBytes(Ops.i8(0));
        out.writeBytes(Ops.i8(count));
        out.writeBytes(Ops.i8(count));
        out.writeBytes(Ops.i8(end - start));
        out.writeBytes(Ops.i8(start));
        out.writeBytes(Ops.i4(LOCATOR_64));
        out.writeBytes(Ops.i4(0));
        out.writeBytes(Ops.i8(end));
        out.writeBytes(Ops.i4(1));
        out.writeBytes(Ops.i4(END));
        out.writeBytes(Ops.i4(0));
        out.writeBytes(Ops.u2(count));
        out.writeBytes(Ops.u2(count));
        out.writeBytes(Ops.i4((int) (end - start)));
        out.writeBytes(Ops.i4((int) start));
        out.writeBytes(Ops.u2(0));
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        while (!deflater.finished()) {
            packed.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return packed.toByteArray();
    }
}
