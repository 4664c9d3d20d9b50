package org.ptsanitize.formats.zip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.ByteSourceContract;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.Scratch;

class InflationTest extends ByteSourceContract {
    @TempDir
    Path folder;

    private Budget budget = new Budget(Limits.defaults());
    private Scratch scratch = Scratch.of(0, Limits.defaults());

    @AfterEach
    void closeScratch() throws IOException {
        scratch.close();
    }

    @Override
    protected ByteSource open(byte[] content) throws IOException {
        ZipAssembler zip = new ZipAssembler();
        zip.deflate("member", content);
        return open(zip);
    }

    private ByteSource open(ZipAssembler zip) throws IOException {
        scratch.close();
        scratch = Scratch.in(folder, 1000, Limits.defaults());
        ZipDirectory directory = ZipDirectory.read(zip.source(), budget);
        return directory.open(directory.members().get(0), scratch, budget);
    }

    private void refuses(ZipAssembler zip, String message) {
        assertEquals(
                message,
                assertThrows(FileFormatException.class, () -> open(zip)).getMessage());
    }

    private long filesInFolder() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void memoryIsGivenBackOnClose() throws IOException {
        budget = new Budget(Limits.defaults().with(Limit.MEMORY, 2_000_000));
        for (int i = 0; i < 10; i++) {
            try (ByteSource source = open(new byte[1_500_000])) {
                assertEquals(1_500_000, source.size());
                source.close();
            }
        }
        budget.spend(Limit.MEMORY, 1_990_000, "what is left");
    }

    @Test
    void memoryIsGivenBackOnDamage() throws IOException {
        budget = new Budget(Limits.defaults().with(Limit.MEMORY, 2_000_000));
        ZipAssembler zip = new ZipAssembler();
        ZipAssembler.Part part = zip.deflate("member", new byte[1_500_000]);
        part.data = Arrays.copyOf(part.data, part.data.length - 2);
        ZipAssembler.setSizes(part, part.data.length, part.size);
        for (int i = 0; i < 5; i++) {
            refuses(zip, "member \"member\" has deflate data that end too early (byte 36)");
        }
    }

    @Test
    void whatMemoryDoesNotHoldGoesToTheScratchRoom() throws IOException {
        budget = new Budget(Limits.defaults().with(Limit.MEMORY, 1_000_000));
        try (ByteSource source = open(new byte[1_500_000])) {
            assertEquals(1_500_000, source.size());
            assertEquals(0, source.read(1_499_999, 1).get());
        }
        budget.spend(Limit.MEMORY, 999_000, "what is left");
        assertEquals(0, filesInFolder());
    }

    @Test
    void aLargeMemberGoesToTheScratchRoom() throws IOException {
        byte[] content = new byte[Inflation.LARGEST_IN_MEMORY + 1];
        content[Inflation.LARGEST_IN_MEMORY] = 5;
        budget = new Budget(Limits.defaults().with(Limit.MEMORY, 1000));
        try (ByteSource source = open(content)) {
            assertEquals(content.length, source.size());
            assertEquals(5, source.read(Inflation.LARGEST_IN_MEMORY, 1).get());
        }
    }

    @Test
    void contentThatFillsWholeBlocksIsComplete() throws IOException {
        for (int size : new int[] {65_535, 65_536, 65_537, 131_072, 1 << 20}) {
            byte[] content = new byte[size];
            content[size - 1] = 5;
            try (ByteSource source = open(content)) {
                assertArrayEquals(content, source.read(0, size).array());
            }
        }
    }

    @Test
    void fewerBytesThanDeclaredAreMalformed() {
        ZipAssembler zip = new ZipAssembler();
        ZipAssembler.Part part = zip.deflate("member", new byte[1000]);
        ZipAssembler.setSizes(part, part.packedSize, 1001);
        refuses(zip, "member \"member\" unpacks to 1000 bytes, 1001 were declared (byte 36)");
    }

    @Test
    void moreBytesThanDeclaredAreMalformed() {
        ZipAssembler zip = new ZipAssembler();
        ZipAssembler.Part part = zip.deflate("member", new byte[1000]);
        ZipAssembler.setSizes(part, part.packedSize, 999);
        refuses(zip, "member \"member\" unpacks to more than the declared 999 bytes (byte 36)");
        ZipAssembler.setSizes(part, part.packedSize, 0);
        refuses(zip, "member \"member\" unpacks to more than the declared 0 bytes (byte 36)");
    }

    @Test
    void aStreamThatEndsTooEarlyIsMalformed() {
        ZipAssembler zip = new ZipAssembler();
        ZipAssembler.Part part = zip.deflate("member", new byte[1000]);
        part.data = Arrays.copyOf(part.data, part.data.length - 1);
        ZipAssembler.setSizes(part, part.data.length, 1000);
        refuses(zip, "member \"member\" has deflate data that end too early (byte 36)");
    }

    @Test
    void bytesBehindTheStreamAreMalformed() {
        ZipAssembler zip = new ZipAssembler();
        ZipAssembler.Part part = zip.deflate("member", new byte[1000]);
        part.data = Arrays.copyOf(part.data, part.data.length + 3);
        ZipAssembler.setSizes(part, part.data.length, 1000);
        refuses(zip, "member \"member\" has 3 bytes behind its deflate data (byte 36)");
    }

    @Test
    void damagedDataIsMalformed() {
        ZipAssembler zip = new ZipAssembler();
        ZipAssembler.Part part = zip.deflate("member", new byte[1000]);
        Arrays.fill(part.data, (byte) 0xFF);
        refuses(zip, "member \"member\" has damaged deflate data (byte 36)");
    }

    @Test
    void aSizeThatDeflateCannotReachIsMalformedBeforeAnythingIsAllocated() {
        ZipAssembler zip = new ZipAssembler();
        ZipAssembler.Part part = zip.deflate("member", new byte[10]);
        ZipAssembler.setSizes(part, part.packedSize, 60 << 20);
        refuses(zip, "member \"member\" says it unpacks to 62914560 bytes, more than deflate can (byte 36)");
    }

    @Test
    void aBombIsOverTheLimit() {
        ZipAssembler zip = new ZipAssembler();
        ZipAssembler.Part part = zip.deflate("member", new byte[70 << 20]);
        assertEquals(70 << 20, part.size);
        LimitExceededException e = assertThrows(LimitExceededException.class, () -> open(zip));
        assertEquals(
                "needs more than the limit of 100 times the packed size after unpacking (member \"member\");"
                        + " raise --max-inflate if you trust this file",
                e.getMessage());
    }

    @Test
    void aRaisedLimitLetsItPass() throws IOException {
        ZipAssembler zip = new ZipAssembler();
        zip.deflate("member", new byte[70 << 20]);
        Limits limits = Limits.defaults().with(Limit.INFLATE, 2000);
        budget = new Budget(limits);
        ZipDirectory directory = ZipDirectory.read(zip.source(), budget);
        try (Scratch room = Scratch.in(folder, 100_000, limits);
                ByteSource source = directory.open(directory.members().get(0), room, budget)) {
            assertEquals(70 << 20, source.size());
        }
    }
}
