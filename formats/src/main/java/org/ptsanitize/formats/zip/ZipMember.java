package org.ptsanitize.formats.zip;

import org.ptsanitize.formats.bytes.Printable;

/** One member of a zip archive as the central directory describes it. Only {@link ZipDirectory} makes them. */
public final class ZipMember {
    static final int STORED = 0;
    static final int DEFLATED = 8;

    private final String name;
    private final int method;
    private final int flags;
    private final int externalAttributes;
    private final long headerOffset;
    private final long dataOffset;
    private final long compressedSize;
    private final long size;
    private final int crc;
    private final String obstacle;

    ZipMember(CentralHeader header, long dataOffset, String obstacle) {
        this.name = header.name();
        this.method = header.method();
        this.flags = header.flags();
        this.externalAttributes = header.externalAttributes();
        this.headerOffset = header.headerOffset();
        this.dataOffset = dataOffset;
        this.compressedSize = header.compressedSize();
        this.size = header.size();
        this.crc = header.crc();
        this.obstacle = obstacle;
    }

    public String name() {
        return name;
    }

    /** The compression method: 0 for stored, 8 for deflated; others can be present, but not opened. */
    public int method() {
        return method;
    }

    public boolean isStored() {
        return method == STORED;
    }

    public int flags() {
        return flags;
    }

    /** Where the local header starts. */
    public long headerOffset() {
        return headerOffset;
    }

    /** Where the packed bytes start. */
    public long dataOffset() {
        return dataOffset;
    }

    public long compressedSize() {
        return compressedSize;
    }

    /** The number of bytes after unpacking. */
    public long size() {
        return size;
    }

    /** The CRC-32 that the directory states, unsigned; 0 also stands for "not computed". */
    public long crc() {
        return crc & 0xFFFF_FFFFL;
    }

    int externalAttributes() {
        return externalAttributes;
    }

    /** How the local header contradicts the directory, or an empty text. */
    String obstacle() {
        return obstacle;
    }

    /** The first byte behind the packed data. */
    long dataEnd() {
        return dataOffset + compressedSize;
    }

    @Override
    public String toString() {
        return Printable.quote(name);
    }
}
