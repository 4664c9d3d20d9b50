package org.ptsanitize.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Random;
import org.ptsanitize.formats.bytes.ByteSource;

/** Endless bytes: zeros, or a random block again and again. */
public final class Filling implements ByteSource {
    private static final int BLOCK = 4 << 20;

    private final byte[] block = new byte[BLOCK];

    private Filling() {}

    static Filling zeros() {
        return new Filling();
    }

    public static Filling random() {
        Filling filling = new Filling();
        new Random(1).nextBytes(filling.block);
        return filling;
    }

    @Override
    public String name() {
        return "filling";
    }

    @Override
    public long size() {
        return Long.MAX_VALUE;
    }

    @Override
    public void readFully(long position, ByteBuffer target) {
        long at = position;
        while (target.hasRemaining()) {
            int from = (int) (at % BLOCK);
            int count = Math.min(BLOCK - from, target.remaining());
            target.put(block, from, count);
            at += count;
        }
    }

    @Override
    public void transferTo(long position, long count, WritableByteChannel target) throws IOException {
        ByteBuffer range = read(position, Math.toIntExact(count));
        while (range.hasRemaining()) {
            target.write(range);
        }
    }

    @Override
    public void close() {}
}
