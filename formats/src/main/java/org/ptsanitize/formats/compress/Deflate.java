package org.ptsanitize.formats.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.ptsanitize.formats.bytes.ByteSink;

/**
 * gzip (RFC 1952) and zlib (RFC 1950). Own headers over the JDK's inflater: its gzip stream takes garbage behind a member
 * for the end, and others hold a file name of any length in memory.
 */
final class Deflate {
    private static final int BLOCK = 1 << 16;
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private Deflate() {}

    /** All members of a gzip file, one after another; zeros may follow the last, as on a tape. */
    static void gzip(PackedInput in, ByteSink out) throws IOException {
        do {
            header(in);
            CRC32 crc = new CRC32();
            long size = inflate(new Inflater(true), in, out, crc);
            if (in.i4() != (int) crc.getValue() || in.i4() != (int) size) {
                throw in.malformed("damaged gzip data: the checksum or the size is wrong");
            }
        } while (anotherMember(in));
    }

    private static boolean anotherMember(PackedInput in) throws IOException {
        if (in.atEnd()) {
            return false;
        }
        int first = in.u1();
        if (first == 0x1f) {
            if (in.u1() != 0x8b) {
                throw in.malformed("bytes behind the gzip data");
            }
            return true;
        }
        while (first == 0) {
            if (in.atEnd()) {
                return false;
            }
            first = in.u1();
        }
        throw in.malformed("bytes behind the gzip data");
    }

    /** The header of a member whose two magic bytes were read. */
    private static void header(PackedInput in) throws IOException {
        int method = in.u1();
        int flags = in.u1();
        if (method != 8 || (flags & RESERVED) != 0) {
            throw in.malformed("a gzip header with method " + method + " and flags " + flags);
        }
        in.skipFully(6);
        if ((flags & EXTRA) != 0) {
            in.skipFully(in.u2());
        }
        skipText(in, flags & NAME);
        skipText(in, flags & COMMENT);
        if ((flags & HEADER_CHECKSUM) != 0) {
            in.skipFully(2);
        }
    }

    private static void skipText(PackedInput in, int present) throws IOException {
        if (present != 0) {
            while (in.u1() != 0) {
                // the name and the comment say nothing about the bytes
            }
        }
    }

    /** One zlib stream that ends with the file. */
    static void zlib(PackedInput in, ByteSink out) throws IOException {
        inflate(new Inflater(false), in, out, new CRC32());
        if (!in.atEnd()) {
            throw in.malformed("bytes behind the zlib data");
        }
    }

    private static long inflate(Inflater inflater, PackedInput in, ByteSink out, CRC32 crc) throws IOException {
        byte[] block = new byte[BLOCK];
        try {
            while (!inflater.finished()) {
                int count = inflater.inflate(block);
                if (count > 0) {
                    crc.update(block, 0, count);
                    out.write(ByteBuffer.wrap(block, 0, count));
                } else if (inflater.needsDictionary()) {
                    throw in.malformed("deflate data that need a dictionary");
                } else if (!inflater.finished()) {
                    in.feed(inflater);
                }
            }
            in.takeBack(inflater);
            return inflater.getBytesWritten();
        } catch (DataFormatException e) {
            throw in.malformed("damaged deflate data");
        } finally {
            inflater.end();
        }
    }
}
