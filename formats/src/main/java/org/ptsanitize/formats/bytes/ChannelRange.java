package org.ptsanitize.formats.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.function.LongFunction;

/** Ranges of open files, read as a whole or not at all. */
final class ChannelRange {
    private ChannelRange() {}

    /** @param ended the error for a file that ends at an offset, before the buffer is full */
    static void read(FileChannel channel, long position, ByteBuffer target, LongFunction<IOException> ended)
            throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int n = channel.read(target, at);
            if (n < 0) {
                throw ended.apply(at);
            }
            at += n;
        }
    }

    /** @param ended the error for a file that ends at an offset, before all is written */
    static void transfer(
            FileChannel channel, long position, long count, WritableByteChannel target, LongFunction<IOException> ended)
            throws IOException {
        long at = position;
        while (at < position + count) {
            long n = channel.transferTo(at, position + count - at, target);
            if (n <= 0) {
                throw ended.apply(at);
            }
            at += n;
        }
    }
}
