package org.ptsanitize.formats.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link ByteSource} promises. Extended by the test of each. */
public abstract class ByteSourceContract {
    private static final int SIZE = 200_001;

    /** A source with this content; the contract closes it. */
    protected abstract ByteSource open(byte[] content) throws IOException;

    private static byte[] content() {
        byte[] bytes = new byte[SIZE];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @Test
    void allBytesAreThereInOrder() throws IOException {
        byte[] content = content();
        try (ByteSource source = open(content)) {
            assertEquals(SIZE, source.size());
            assertArrayEquals(content, source.read(0, SIZE).array());
        }
    }

    @Test
    void anyRangeCanBeReadInAnyOrder() throws IOException {
        byte[] content = content();
        Random random = new Random(8);
        try (ByteSource source = open(content)) {
            for (int i = 0; i < 200; i++) {
                int from = random.nextInt(SIZE);
                int length = random.nextInt(SIZE - from);
                assertArrayEquals(
                        Arrays.copyOfRange(content, from, from + length),
                        source.read(from, length).array());
            }
        }
    }

    @Test
    void buffersHandedOutAreLittleEndianAndReadyToRead() throws IOException {
        try (ByteSource source = open(content())) {
            ByteBuffer buffer = source.read(5, 9);
            assertEquals(ByteOrder.LITTLE_ENDIAN, buffer.order());
            assertEquals(9, buffer.remaining());
        }
    }

    @Test
    void onlyTheRemainingSpaceOfABufferIsFilled() throws IOException {
        byte[] content = content();
        ByteBuffer target = ByteBuffer.allocateDirect(10).position(3).limit(7);
        try (ByteSource source = open(content)) {
            source.readFully(100, target);
        }
        assertEquals(7, target.position());
        assertEquals(0, target.get(2));
        assertEquals(content[100], target.get(3));
        assertEquals(content[103], target.get(6));
        assertEquals(0, target.duplicate().clear().get(7));
    }

    @Test
    void nothingCanBeReadAtTheEnd() throws IOException {
        try (ByteSource source = open(content())) {
            assertEquals(0, source.read(SIZE, 0).remaining());
        }
    }

    @Test
    void anEmptySourceIsASource() throws IOException {
        try (ByteSource source = open(new byte[0])) {
            assertEquals(0, source.size());
            assertEquals(0, source.read(0, 0).remaining());
        }
    }

    @Test
    void readingPastTheEndIsMalformed() throws IOException {
        try (ByteSource source = open(content())) {
            assertEquals(
                    "truncated: 2 bytes wanted, the data ends at byte 200001, 1 are missing (byte 200000)",
                    assertThrows(MalformedFileException.class, () -> source.read(SIZE - 1, 2))
                            .getMessage());
            ByteBuffer target = ByteBuffer.allocate(2);
            assertThrows(MalformedFileException.class, () -> source.readFully(SIZE - 1, target));
            assertEquals(0, target.position());
        }
    }

    @Test
    void absurdPositionsAreMalformed() throws IOException {
        try (ByteSource source = open(content())) {
            for (long position : new long[] {-1, Long.MIN_VALUE, SIZE + 1, Long.MAX_VALUE}) {
                assertThrows(MalformedFileException.class, () -> source.read(position, 1));
                assertThrows(MalformedFileException.class, () -> source.slice("part", position, 1));
                assertThrows(
                        MalformedFileException.class,
                        () -> source.transferTo(position, 1, Channels.newChannel(new ByteArrayOutputStream())));
            }
            assertThrows(MalformedFileException.class, () -> source.slice("part", 1, Long.MAX_VALUE));
            assertThrows(MalformedFileException.class, () -> source.slice("part", 1, -1));
        }
    }

    @Test
    void aRangeIsTransferredToAChannel() throws IOException {
        byte[] content = content();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ByteSource source = open(content)) {
            source.transferTo(11, SIZE - 20, Channels.newChannel(out));
        }
        assertArrayEquals(Arrays.copyOfRange(content, 11, SIZE - 9), out.toByteArray());
    }

    @Test
    void aSliceHasItsOwnNameAndBounds() throws IOException {
        byte[] content = content();
        try (ByteSource source = open(content)) {
            ByteSource part = source.slice("part", 1000, 500).slice("part of it", 100, 50);
            assertEquals("part of it", part.name());
            assertEquals(50, part.size());
            assertArrayEquals(
                    Arrays.copyOfRange(content, 1100, 1150), part.read(0, 50).array());
            assertThrows(MalformedFileException.class, () -> part.read(49, 2));
        }
    }
}
