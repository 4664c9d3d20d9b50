package org.ptsanitize.formats.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest extends ByteSourceContract {
    private static final long AT_LEAST = 64L << 20;

    @TempDir
    Path folder;

    private Scratch scratch;

    @BeforeEach
    void makeRoom() {
        scratch = Scratch.in(folder, 1000, Limits.defaults());
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        scratch.close();
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Override
    protected ByteSource open(byte[] content) throws IOException {
        store("in front");
        return store(content);
    }

    private ByteSource store(byte[] content) throws IOException {
        try (Scratch.ScratchSink sink = scratch.begin("scratch")) {
            sink.copy(MemorySource.of("memory", content), 0, content.length);
            return sink.finish();
        }
    }

    private ByteSource store(String text) throws IOException {
        try (Scratch.ScratchSink sink = scratch.begin(text)) {
            sink.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            return sink.finish();
        }
    }

    private static String text(ByteSource source) throws IOException {
        return StandardCharsets.UTF_8
                .decode(source.read(0, (int) source.size()))
                .toString();
    }

    @Test
    void partsKeepTheirBytesWhileOthersAreWritten() throws IOException {
        ByteSource first = store("first");
        ByteSource second = store("second");
        assertEquals("first", text(first));
        assertEquals("second", text(second));
        assertEquals("second", second.name());
    }

    @Test
    void aPartThatIsNotFinishedGivesItsRoomBack() throws IOException {
        try (Scratch.ScratchSink sink = scratch.begin("lost")) {
            sink.write(ByteBuffer.allocate((int) AT_LEAST));
        }
        assertEquals("kept", text(store("kept")));
    }

    @Test
    void closedPartsAtTheEndGiveTheirRoomBack() throws IOException {
        ByteSource first = store("first");
        for (int i = 0; i < 5; i++) {
            ByteSource a = store(new byte[(int) AT_LEAST / 3]);
            ByteSource b = store(new byte[(int) AT_LEAST / 3]);
            a.close();
            b.close();
        }
        assertEquals("first", text(first));
    }

    @Test
    void moreThanTheInputAllowsIsRefused() throws IOException {
        try (Scratch.ScratchSink sink = scratch.begin("bomb")) {
            sink.write(ByteBuffer.allocate((int) AT_LEAST));
            LimitExceededException e =
                    assertThrows(LimitExceededException.class, () -> sink.write(ByteBuffer.wrap(new byte[] {1})));
            assertEquals(
                    "needs more than the limit of 100 times the packed size after unpacking (\"bomb\");"
                            + " raise --max-inflate if you trust this file",
                    e.getMessage());
            assertEquals(AT_LEAST, sink.position());
        }
    }

    @Test
    void theRoomGrowsWithTheInputAndItsLimit() {
        assertEquals(AT_LEAST, Scratch.allowed(10, 100));
        assertEquals(100_000_000_000L, Scratch.allowed(1_000_000_000, 100));
        assertEquals(Long.MAX_VALUE, Scratch.allowed(1L << 40, 1L << 40));
        assertEquals(Long.MAX_VALUE, Scratch.allowed(1L << 40, 1L << 23));
    }

    @Test
    void twoPartsAtOnceAreAMistake() throws IOException {
        try (Scratch.ScratchSink sink = scratch.begin("one")) {
            assertThrows(IllegalStateException.class, () -> scratch.begin("two"));
            ByteSource empty = sink.finish();
            assertEquals(0, empty.size());
            assertThrows(IllegalStateException.class, () -> sink.write(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void nothingIsMadeBeforeItIsNeededOrAfterTheEnd() throws IOException {
        nothingIsLeftBehind();
        assertThrows(IllegalStateException.class, () -> scratch.begin("late"));
    }

    @Test
    void theBytesSurviveOnlyInTheOpenFile() throws IOException {
        byte[] content = {1, 2, 3};
        ByteSource source = open(content);
        assertArrayEquals(content, source.read(0, 3).array());
        scratch.close();
        assertThrows(IOException.class, () -> source.read(0, 3));
    }
}
