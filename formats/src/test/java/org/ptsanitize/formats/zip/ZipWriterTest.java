package org.ptsanitize.formats.zip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.ChannelSink;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.Scratch;

class ZipWriterTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ByteSink sink = new ChannelSink(Channels.newChannel(bytes));
    private final ZipWriter writer = new ZipWriter(sink);

    private void add(String name, byte[] content) throws IOException {
        writer.begin(name, content.length);
        writer.body().write(ByteBuffer.wrap(content));
        writer.end();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private ZipDirectory read() throws IOException {
        return ZipDirectory.read(MemorySource.of("written.zip", bytes.toByteArray()), new Budget(Limits.defaults()));
    }

    private byte[] content(ZipMember member) throws IOException {
        try (Scratch scratch = Scratch.of(0, Limits.defaults());
                ByteSource source = read().open(member, scratch, new Budget(Limits.defaults()))) {
            assertTrue(ZipDirectory.verifyCrc(member, source));
            return source.read(0, (int) source.size()).array();
        }
    }

    @Test
    void aSmallArchiveHasTheBytesThatPyTorchWrites() throws IOException {
        add("a/version", ascii("3\n"));
        writer.finish();
        String local = "504b0304 0000 0808 0000 0000 0000 00000000 00000000 00000000 0900 1900" + hex("a/version")
                + "4642 1500" + "5a".repeat(21) + hex("3\n");
        String descriptor = "504b0708 d19e6755 02000000 02000000";
        String central = "504b0102 0000 0000 0808 0000 0000 0000 d19e6755 02000000 02000000 0900 0000 0000 0000 0000"
                + "00000000 00000000" + hex("a/version");
        String zip64 = "504b0606 2c00000000000000 1e03 2d00 00000000 00000000 0100000000000000 0100000000000000"
                + "3700000000000000 5200000000000000 504b0607 00000000 8900000000000000 01000000";
        String end = "504b0506 0000 0000 0100 0100 37000000 52000000 0000";
        assertEquals(
                (local + descriptor + central + zip64 + end).replace(" ", ""),
                HexFormat.of().formatHex(bytes.toByteArray()));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(ascii(text));
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Random random = new Random(5);
        byte[][] contents = new byte[40][];
        for (int i = 0; i < contents.length; i++) {
            contents[i] = new byte[random.nextInt(5000)];
            random.nextBytes(contents[i]);
            add("archive/data/" + "重".repeat(random.nextInt(60)) + i, contents[i]);
        }
        writer.finish();
        List<ZipMember> members = read().members();
        assertEquals(contents.length, members.size());
        for (int i = 0; i < contents.length; i++) {
            assertEquals(0, members.get(i).dataOffset() % ZipWriter.ALIGNMENT);
            assertArrayEquals(contents[i], content(members.get(i)));
        }
    }

    @Test
    void anEmptyMemberHasNoDescriptor() throws IOException {
        add("archive/data/0", new byte[0]);
        writer.finish();
        ZipMember member = read().members().get(0);
        assertEquals(0x800, member.flags());
        assertEquals(0, content(member).length);
    }

    @Test
    void anArchiveWithoutMembersIsAnArchive() throws IOException {
        writer.finish();
        assertEquals(56 + 20 + 22, bytes.size());
        assertEquals(List.of(), read().members());
    }

    @Test
    void smallAndLargeRangesOfASourceAreCopied() throws IOException {
        byte[] content = new byte[(3 << 20) + 17];
        new Random(6).nextBytes(content);
        MemorySource source = MemorySource.of("source", content);
        writer.begin("archive/data/0", content.length);
        writer.body().copy(source, 0, 10);
        writer.body().copy(source, 10, content.length - 20);
        writer.body().copy(source, content.length - 10, 10);
        assertEquals(content.length, writer.body().position());
        writer.end();
        writer.finish();
        assertArrayEquals(content, content(read().members().get(0)));
    }

    @Test
    void otherReadersSeeTheSame() throws IOException {
        byte[] content = new byte[70_000];
        Arrays.fill(content, (byte) 7);
        add("archive/data.pkl", ascii("pickle"));
        add("archive/data/0", content);
        writer.finish();
        try (ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(bytes.toByteArray()))
                .get()) {
            List<ZipArchiveEntry> entries = Collections.list(zip.getEntries());
            assertEquals(2, entries.size());
            assertArrayEquals(content, zip.getInputStream(entries.get(1)).readAllBytes());
        }
    }

    @Test
    void manyMembersOverflowTheOldCount() throws IOException {
        for (int i = 0; i < 70_000; i++) {
            add("archive/data/" + i, new byte[] {1});
        }
        writer.finish();
        assertEquals(70_000, read().members().size());
    }

    @Test
    void anArchiveMayStartInsideALongerOutput() throws IOException {
        sink.write(ByteBuffer.wrap(new byte[5]));
        ZipWriter late = new ZipWriter(sink);
        late.begin("a/b", 1);
        late.body().write(ByteBuffer.wrap(new byte[] {9}));
        late.end();
        late.finish();
        byte[] all = bytes.toByteArray();
        ZipDirectory directory = ZipDirectory.read(
                MemorySource.of("inner", Arrays.copyOfRange(all, 5, all.length)), new Budget(Limits.defaults()));
        assertEquals(64, directory.members().get(0).dataOffset());
    }

    @Test
    void membersBeyondFourGibibytesUseZip64() throws IOException {
        SmallPieces pieces = new SmallPieces();
        ZipWriter large = new ZipWriter(pieces);
        long size = 0xFFFF_FFFFL;
        large.begin("a/large", size);
        ByteBuffer block = ByteBuffer.allocateDirect(1 << 24);
        for (long left = size; left > 0; left -= block.limit()) {
            block.clear().limit((int) Math.min(block.capacity(), left));
            large.body().write(block);
        }
        large.end();
        large.begin("a/small", 1);
        large.body().write(ByteBuffer.wrap(new byte[] {1}));
        large.end();
        large.finish();

        long data = 64;
        long small = data + size + 24;
        ByteBuffer kept = ByteBuffer.wrap(pieces.kept.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(1, kept.position(30 + 7).getShort());
        assertEquals(16, kept.getShort());
        assertEquals(size, kept.getLong());
        assertEquals(0, kept.getLong());
        assertEquals(0x08074b50, kept.position(64).getInt());
        kept.getInt();
        assertEquals(size, kept.getLong());
        assertEquals(size, kept.getLong());
        assertEquals(LocalHeader.SIGNATURE, kept.getInt());
        kept.position(64 + 24 + 28);
        int extra = kept.getShort();
        kept.position(64 + 24 + 30 + 7);
        assertEquals(1, kept.getShort());
        assertEquals(8, kept.getShort());
        assertEquals(small, kept.getLong());
        assertEquals(0x4246, kept.getShort());
        assertEquals(0, (small + 30 + 7 + extra) % 64);

        kept.position(64 + 24 + 30 + 7 + extra + 1 + 24);
        assertCentral(kept, "a/large", 0xFFFF_FFFFL, 0, new long[] {size, size});
        assertCentral(kept, "a/small", 1, 0xFFFF_FFFFL, new long[] {small});
        assertEquals(EndOfDirectory.ZIP64_SIGNATURE, kept.getInt());
    }

    /** Keeps what is written in small pieces and forgets the rest. */
    private static final class SmallPieces implements ByteSink {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private long position;

        @Override
        public long position() {
            return position;
        }

        @Override
        public void write(ByteBuffer buffer) {
            position += buffer.remaining();
            boolean keep = buffer.remaining() < 1 << 20;
            while (keep && buffer.hasRemaining()) {
                kept.write(buffer.get());
            }
        }

        @Override
        public void copy(ByteSource source, long offset, long length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static void assertCentral(ByteBuffer in, String name, long size, long offset, long[] zip64) {
        int at = in.position();
        assertEquals(CentralHeader.SIGNATURE, in.getInt());
        assertEquals(size, in.getInt(at + 20) & 0xFFFF_FFFFL);
        assertEquals(size, in.getInt(at + 24) & 0xFFFF_FFFFL);
        assertEquals(4 + 8 * zip64.length, in.getShort(at + 30));
        assertEquals(offset, in.getInt(at + 42) & 0xFFFF_FFFFL);
        in.position(at + 46 + name.length());
        assertEquals(1, in.getShort());
        assertEquals(8 * zip64.length, in.getShort());
        for (long value : zip64) {
            assertEquals(value, in.getLong());
        }
    }

    @Test
    void moreBytesThanAnnouncedAreAMistake() throws IOException {
        writer.begin("a/b", 2);
        writer.body().write(ByteBuffer.wrap(new byte[2]));
        assertEquals(
                "more than the announced 2 bytes",
                assertThrows(IllegalStateException.class, () -> writer.body().write(ByteBuffer.wrap(new byte[1])))
                        .getMessage());
    }

    @Test
    void fewerBytesThanAnnouncedAreAMistake() throws IOException {
        writer.begin("a/b", 2);
        writer.body().write(ByteBuffer.wrap(new byte[1]));
        assertEquals(
                "1 bytes written, 2 announced",
                assertThrows(IllegalStateException.class, writer::end).getMessage());
    }

    @Test
    void theOrderOfCallsIsChecked() throws IOException {
        assertThrows(IllegalStateException.class, writer::end);
        assertThrows(IllegalStateException.class, () -> writer.body().write(ByteBuffer.wrap(new byte[1])));
        writer.begin("a/b", 0);
        assertThrows(IllegalStateException.class, () -> writer.begin("a/c", 0));
        assertThrows(IllegalStateException.class, writer::finish);
        writer.end();
        writer.finish();
        assertThrows(IllegalStateException.class, writer::finish);
        assertThrows(IllegalStateException.class, () -> writer.begin("a/c", 0));
    }

    @Test
    void namesAndSizesThatNoReaderTakesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> writer.begin("", 0));
        assertThrows(IllegalArgumentException.class, () -> writer.begin("a".repeat(513), 0));
        assertThrows(IllegalArgumentException.class, () -> writer.begin("a/b", -1));
    }
}
