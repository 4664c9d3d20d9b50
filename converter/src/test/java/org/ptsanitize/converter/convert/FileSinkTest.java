package org.ptsanitize.converter.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ptsanitize.formats.bytes.FileSource;

class FileSinkTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsWrittenAndCopiedIsInTheFileInOrder(boolean readBack) throws IOException {
        Random random = new Random(7);
        byte[] whole = new byte[9 * MIB];
        random.nextBytes(whole);
        Path input = Files.write(folder.resolve("in"), whole);
        Path output = folder.resolve("out");
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (FileSource source = FileSource.open(input);
                FileChannel channel = channel(output);
                FileSink sink = new FileSink(channel, readBack)) {
            for (int length : new int[] {0, 1, 200, MIB, MIB - 1, 70_000, 3 * MIB + 17, 300_000, 5, 8 * MIB}) {
                int from = random.nextInt(whole.length - length);
                if (random.nextBoolean()) {
                    sink.write(ByteBuffer.wrap(whole, from, length));
                } else {
                    sink.copy(source, from, length);
                }
                expected.write(whole, from, length);
                assertEquals(expected.size(), sink.position());
            }
            sink.finish();
        }

        assertArrayEquals(expected.toByteArray(), Files.readAllBytes(output));
    }

    @Test
    void aByteThatIsAnotherInTheFileFailsTheProof() throws IOException {
        Path output = folder.resolve("out");
        try (FileChannel channel = channel(output)) {
            FileSink sink = new FileSink(new FaultyChannel(channel, 2 * MIB + 5), true);
            VerificationException failure = assertThrows(VerificationException.class, () -> {
                sink.write(ByteBuffer.wrap(new byte[6 * MIB]));
                sink.finish();
            });
            sink.close();

            assertEquals("the output was read back and differs at byte " + (2 * MIB + 5), failure.getMessage());
        }
    }

    @Test
    void aByteThatIsAnotherInAFileOfOneBlockFailsTheProof() throws IOException {
        try (FileChannel channel = channel(folder.resolve("out"))) {
            FileSink sink = new FileSink(new FaultyChannel(channel, 99), true);
            sink.write(ByteBuffer.wrap(new byte[100]));
            VerificationException failure = assertThrows(VerificationException.class, sink::finish);
            sink.close();

            assertEquals("the output was read back and differs at byte 99", failure.getMessage());
        }
    }

    @Test
    void aFailedWriteIsToldToWhoeverWrites() throws IOException {
        FileChannel channel = channel(folder.resolve("out"));
        FileSink sink = new FileSink(channel, true);
        channel.close();

        assertThrows(IOException.class, () -> {
            sink.write(ByteBuffer.wrap(new byte[20 * MIB]));
            sink.finish();
        });
        sink.close();
    }

    /** It would be filled for another file while it is still written to this one. */
    @Test
    void aBlockThatIsBeingWrittenIsNotGivenBackByAnInterruption() throws Exception {
        BlockingQueue<ByteBuffer> begun = new LinkedBlockingQueue<>();
        Semaphore mayEnd = new Semaphore(0);
        try (FileChannel channel = channel(folder.resolve("out"))) {
            FileSink sink = new FileSink(new HeldChannel(channel, begun, mayEnd), false);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedIOException.class, () -> sink.write(ByteBuffer.wrap(new byte[20 * MIB])));
            assertTrue(Thread.interrupted());
            mayEnd.release(BlockWriter.MOST_BLOCKS - 1);
            for (int i = 1; i < BlockWriter.MOST_BLOCKS; i++) {
                begun.take();
            }
            ByteBuffer last = begun.take();

            Thread.currentThread().interrupt();
            assertThrows(InterruptedIOException.class, sink::close);
            assertTrue(Thread.interrupted());

            for (int i = 0; i < 2 * BlockWriter.MOST_BLOCKS; i++) {
                BlockPool.take().put((byte) 1);
            }
            assertEquals(0, last.get(0));
        } finally {
            mayEnd.release();
        }
    }

    /** A file that gives one byte back changed. */
    private static final class FaultyChannel extends PassingChannel {
        private final long fault;

        FaultyChannel(FileChannel file, long fault) {
            super(file);
            this.fault = fault;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int start = target.position();
            int count = super.read(target, position);
            if (position <= fault && fault < position + count) {
                int at = start + (int) (fault - position);
                target.put(at, (byte) (target.get(at) + 1));
            }
            return count;
        }
    }

    /** A file whose writes tell that they have begun, and wait until they may end. */
    private static final class HeldChannel extends PassingChannel {
        private final BlockingQueue<ByteBuffer> begun;
        private final Semaphore mayEnd;

        HeldChannel(FileChannel file, BlockingQueue<ByteBuffer> begun, Semaphore mayEnd) {
            super(file);
            this.begun = begun;
            this.mayEnd = mayEnd;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            begun.add(source.duplicate());
            mayEnd.acquireUninterruptibly();
            return super.write(source);
        }
    }

    private static FileChannel channel(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);
    }
}
