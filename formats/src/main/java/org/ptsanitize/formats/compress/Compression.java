package org.ptsanitize.formats.compress;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Scratch;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/** The compressions that are found around whole checkpoints. Every one reads concatenated streams to the end. */
public enum Compression {
    GZIP("gzip"),
    ZLIB("zlib"),
    BZIP2("bzip2"),
    XZ("xz"),
    LZMA("lzma"),
    LZ4("lz4");

    private static final int BLOCK = 1 << 16;

    private final String text;

    Compression(String text) {
        this.text = text;
    }

    /** How a person calls it. */
    public String text() {
        return text;
    }

    /** The compression that these first bytes of a file belong to. */
    public static Optional<Compression> detect(ByteBuffer head) {
        if (begins(head, 0x1f, 0x8b)) {
            return Optional.of(GZIP);
        } else if (begins(head, 'B', 'Z', 'h')) {
            return Optional.of(BZIP2);
        } else if (begins(head, 0xfd, '7', 'z', 'X', 'Z', 0)) {
            return Optional.of(XZ);
        } else if (begins(head, 0x04, 0x22, 0x4d, 0x18) || begins(head, 0x02, 0x21, 0x4c, 0x18)) {
            return Optional.of(LZ4);
        } else if (begins(head, 0x5d, 0, 0) && head.limit() >= 13) {
            return Optional.of(LZMA);
        } else if (begins(head, 'x') && head.limit() >= 2 && isZlibHeader(head.get(1) & 0xff)) {
            return Optional.of(ZLIB);
        }
        return Optional.empty();
    }

    private static boolean isZlibHeader(int flags) {
        return (('x' << 8) + flags) % 31 == 0 && (flags & 0x20) == 0;
    }

    private static boolean begins(ByteBuffer head, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (i >= head.limit() || head.get(i) != (byte) bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Unpacks a whole file into the scratch room, which bounds what comes out. Closing the result gives the room back.
     *
     * @throws MalformedFileException if the data are damaged, end too early or are followed by something else
     * @throws LimitExceededException if they unpack to more than {@link Limit#INFLATE} allows
     */
    public ByteSource unpack(ByteSource packed, Scratch scratch, Budget budget) throws IOException {
        try (Scratch.ScratchSink sink = scratch.begin(text + " data")) {
            unpack(packed, sink, budget);
            return sink.finish();
        }
    }

    /**
     * The first bytes of what is packed, at most {@code count}: fewer if there are no more, or if the data are damaged
     * behind them.
     */
    public ByteBuffer peek(ByteSource packed, int count, Budget budget) throws IOException {
        FirstBytes first = new FirstBytes(count);
        try {
            unpack(packed, first, budget);
        } catch (FirstBytes.Enough | FileFormatException e) {
            return first.bytes();
        }
        return first.bytes();
    }

    private void unpack(ByteSource packed, ByteSink sink, Budget budget) throws IOException {
        PackedInput in = new PackedInput(packed);
        switch (this) {
            case GZIP -> {
                in.skipFully(2);
                Deflate.gzip(in, sink);
            }
            case ZLIB -> Deflate.zlib(in, sink);
            case LZ4 -> Lz4.unpack(in, sink);
            case BZIP2, XZ, LZMA -> byLibrary(in, sink, budget);
        }
    }

    /** Whatever the libraries throw at damaged data becomes one kind of error. */
    private void byLibrary(PackedInput in, ByteSink sink, Budget budget) throws IOException {
        int memory = (int) Math.min(Integer.MAX_VALUE, budget.limits().of(Limit.MEMORY) >> 10);
        try (InputStream unpacked = library(in, memory)) {
            byte[] block = new byte[BLOCK];
            int count = 0;
            while (count >= 0) {
                sink.write(ByteBuffer.wrap(block, 0, count));
                count = next(unpacked, block, in);
            }
        }
        if (!in.atEnd()) {
            throw new MalformedFileException("bytes behind the " + text + " data", "byte " + in.position());
        }
    }

    private InputStream library(PackedInput in, int memory) throws IOException {
        try {
            return switch (this) {
                case BZIP2 -> new BZip2CompressorInputStream(in, true);
                case XZ -> new XZInputStream(in, memory);
                case LZMA -> new LZMAInputStream(in, memory);
                case GZIP, ZLIB, LZ4 -> throw new AssertionError(this);
            };
        } catch (IOException | RuntimeException e) {
            throw failed(e, in, memory);
        }
    }

    private int next(InputStream unpacked, byte[] block, PackedInput in) throws IOException {
        try {
            return unpacked.read(block);
        } catch (IOException | RuntimeException e) {
            throw failed(e, in, 0);
        }
    }

    private IOException failed(Exception e, PackedInput in, int memory) {
        if (e instanceof FileFormatException known) {
            return known;
        } else if (in.failure().isPresent()) {
            return in.failure().get();
        } else if (e instanceof MemoryLimitException) {
            return new LimitExceededException(Limit.MEMORY, (long) memory << 10, "dictionary of the " + text + " data");
        }
        return new MalformedFileException("damaged " + text + " data", "byte " + in.position());
    }
}
