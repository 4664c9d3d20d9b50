package org.ptsanitize.formats.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/**
 * LZ4 frames, their skippable frames and the legacy frame of {@code lz4 -l}. Blocks that refer to the block before, which
 * is what Python's {@code lz4.frame} writes, are why the frame and its blocks are read here and not by lz4-java, whose
 * stream refuses them; the checksums are computed by its pure Java code.
 */
final class Lz4 {
    static final int FRAME = 0x184d2204;
    static final int LEGACY_FRAME = 0x184c2102;

    private static final int SKIPPABLE = 0x184d2a50;
    private static final int LEGACY_BLOCK = 8 << 20;
    private static final int HISTORY = 1 << 16;
    private static final XXHashFactory HASHES = XXHashFactory.safeInstance();

    private final PackedInput in;
    private final ByteSink out;
    private final XXHash32 hash = HASHES.hash32();

    private Lz4(PackedInput in, ByteSink out) {
        this.in = in;
        this.out = out;
    }

    /** All frames to the end of the input. */
    static void unpack(PackedInput in, ByteSink out) throws IOException {
        Lz4 lz4 = new Lz4(in, out);
        while (!in.atEnd()) {
            int magic = in.i4();
            if (magic == FRAME) {
                lz4.frame();
            } else if (magic == LEGACY_FRAME) {
                lz4.legacyFrame();
            } else if ((magic & 0xffff_fff0) == SKIPPABLE) {
                in.skipFully(in.i4() & 0xffff_ffffL);
            } else {
                throw in.malformed("bytes behind the lz4 data");
            }
        }
    }

    private void frame() throws IOException {
        byte[] descriptor = new byte[15];
        int length = 2;
        int flags = in.u1();
        int block = in.u1();
        descriptor[0] = (byte) flags;
        descriptor[1] = (byte) block;
        boolean sized = (flags & 8) != 0;
        if (flags >> 6 != 1 || (flags & 2) != 0 || (block & 0x8f) != 0 || block >> 4 < 4) {
            throw in.malformed("an lz4 frame descriptor of another version");
        }
        long contentSize = 0;
        for (int i = 0; sized && i < 8; i++) {
            int b = in.u1();
            descriptor[length++] = (byte) b;
            contentSize |= (long) b << 8 * i;
        }
        if ((flags & 1) != 0) {
            throw new UnsupportedFileException(
                    "lz4 data that need a dictionary", "byte " + in.position(), "unpack it with 'lz4 -d -D'");
        }
        if (in.u1() != (hash.hash(descriptor, 0, length, 0) >>> 8 & 0xff)) {
            throw in.malformed("an lz4 frame header with a wrong checksum");
        }
        boolean linked = (flags & 0x20) == 0;
        long written = blocks(1 << (2 * (block >> 4) + 8), linked, (flags & 0x10) != 0, (flags & 4) != 0);
        if (sized && written != contentSize) {
            throw in.malformed(
                    "an lz4 frame of " + written + " bytes that says it has " + Long.toUnsignedString(contentSize));
        }
    }

    private long blocks(int largest, boolean linked, boolean blockChecksums, boolean contentChecksum)
            throws IOException {
        byte[] packed = new byte[largest];
        byte[] window = new byte[HISTORY + largest];
        int history = HISTORY;
        long total = 0;
        try (StreamingXXHash32 content = HASHES.newStreamingHash32(0)) {
            for (int size = in.i4(); size != 0; size = in.i4()) {
                int length = size & 0x7fff_ffff;
                if (length > largest) {
                    throw in.malformed("an lz4 block of " + length + " bytes, at most " + largest + " expected");
                }
                in.readFully(packed, length);
                if (blockChecksums && in.i4() != hash.hash(packed, 0, length, 0)) {
                    throw in.malformed("an lz4 block with a wrong checksum");
                }
                int end = HISTORY + length;
                if (size < 0) {
                    System.arraycopy(packed, 0, window, HISTORY, length);
                } else {
                    end = block(packed, length, window, linked ? history : HISTORY, HISTORY);
                }
                int count = end - HISTORY;
                content.update(window, HISTORY, count);
                out.write(ByteBuffer.wrap(window, HISTORY, count));
                total += count;
                int kept = Math.min(HISTORY, end - history);
                System.arraycopy(window, end - kept, window, HISTORY - kept, kept);
                history = HISTORY - kept;
            }
            if (contentChecksum && in.i4() != content.getValue()) {
                throw in.malformed("lz4 data with a wrong checksum");
            }
        }
        return total;
    }

    /** Blocks without a header, to the end of the file or the magic number of another frame. */
    private void legacyFrame() throws IOException {
        int largest = LEGACY_BLOCK + LEGACY_BLOCK / 255 + 16;
        byte[] packed = new byte[largest];
        byte[] window = new byte[LEGACY_BLOCK];
        while (!in.atEnd()) {
            int length = in.i4();
            if (length == LEGACY_FRAME) {
                continue;
            }
            if (length == FRAME) {
                frame();
                return;
            }
            if (length < 0 || length > largest) {
                throw in.malformed("a legacy lz4 block of " + (length & 0xffff_ffffL) + " bytes");
            }
            in.readFully(packed, length);
            out.write(ByteBuffer.wrap(window, 0, block(packed, length, window, 0, 0)));
        }
    }

    /**
     * Unpacks one block: sequences of literals and of matches in what was unpacked before.
     *
     * @param oldest where the bytes begin in {@code window} that matches may reach
     * @param start where the block goes
     * @return the end of the block in {@code window}
     */
    private int block(byte[] packed, int length, byte[] window, int oldest, int start) throws IOException {
        int from = 0;
        int to = start;
        while (from < length) {
            int token = packed[from++] & 0xff;
            int literals = token >> 4;
            if (literals == 15) {
                int more = 255;
                while (more == 255) {
                    more = packed[check(from++, length)] & 0xff;
                    literals += more;
                    checkRoom(literals, window.length - to);
                }
            }
            if (literals > length - from) {
                throw damaged();
            }
            checkRoom(literals, window.length - to);
            System.arraycopy(packed, from, window, to, literals);
            from += literals;
            to += literals;
            if (from == length) {
                return to;
            }
            int distance = packed[check(from++, length)] & 0xff | (packed[check(from++, length)] & 0xff) << 8;
            int match = token & 15;
            if (match == 15) {
                int more = 255;
                while (more == 255) {
                    more = packed[check(from++, length)] & 0xff;
                    match += more;
                    checkRoom(match, window.length - to);
                }
            }
            match += 4;
            if (distance == 0 || distance > to - oldest) {
                throw in.malformed("an lz4 match that reaches in front of the data");
            }
            checkRoom(match, window.length - to);
            copy(window, to, distance, match);
            to += match;
        }
        throw damaged();
    }

    /** A match may overlap what it makes: then it repeats. */
    private static void copy(byte[] window, int to, int distance, int length) {
        if (distance >= length) {
            System.arraycopy(window, to - distance, window, to, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            window[to + i] = window[to + i - distance];
        }
    }

    private int check(int index, int length) throws IOException {
        if (index >= length) {
            throw damaged();
        }
        return index;
    }

    private void checkRoom(int count, int room) throws IOException {
        if (count > room) {
            throw in.malformed("an lz4 block that unpacks to more than its frame allows");
        }
    }

    private IOException damaged() {
        return in.malformed("an lz4 block that ends inside a sequence");
    }
}
