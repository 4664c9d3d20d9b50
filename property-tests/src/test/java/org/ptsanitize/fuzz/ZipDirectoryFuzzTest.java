package org.ptsanitize.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;

/** Any bytes are an archive or an error; of an archive, another library reads the same members. */
class ZipDirectoryFuzzTest {
    static Stream<byte[]> seeds() {
        return Seeds.zips(4096);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "")
    void isAnArchiveOrAnError(byte[] bytes) throws IOException {
        MemorySource source = MemorySource.of("zip", bytes);
        Budget budget = new Budget(Bounds.SMALL);
        Optional<ZipDirectory> read = Bounds.read(() -> ZipDirectory.read(source, budget));
        if (read.isEmpty()) {
            return;
        }
        ZipDirectory directory = read.get();
        try (ZipFile other = other(bytes);
                Scratch scratch = Scratch.of(bytes.length, Bounds.SMALL)) {
            for (ZipMember member : directory.members()) {
                Bounds.same(member, directory.find(member.name()).orElseThrow(), "found by name");
                Optional<byte[]> content = Bounds.read(() -> content(directory, member, scratch, budget));
                content.ifPresent(found -> checkAgainst(other, member, found));
            }
        } catch (OtherLibrary refused) {
            return;
        }
    }

    /** The other library does not read what it does not like; that is no disagreement. */
    private static final class OtherLibrary extends IOException {
        private static final long serialVersionUID = 1L;

        OtherLibrary(Throwable cause) {
            super(cause);
        }
    }

    private static ZipFile other(byte[] bytes) throws OtherLibrary {
        try {
            return ZipFile.builder()
                    .setSeekableByteChannel(new SeekableInMemoryByteChannel(bytes))
                    .setUseUnicodeExtraFields(false)
                    .get();
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new OtherLibrary(e);
        }
    }

    private static byte[] content(ZipDirectory directory, ZipMember member, Scratch scratch, Budget budget)
            throws IOException {
        try (ByteSource opened = directory.open(member, scratch, budget)) {
            Bounds.same(member.size(), opened.size(), "size of an opened member");
            byte[] content = new byte[Math.toIntExact(Math.min(opened.size(), 1 << 20))];
            opened.readFully(0, ByteBuffer.wrap(content));
            return content;
        }
    }

    private static void checkAgainst(ZipFile other, ZipMember member, byte[] content) {
        ZipArchiveEntry entry = other.getEntry(member.name());
        if (entry == null || !other.canReadEntryData(entry)) {
            return;
        }
        byte[] theirs;
        try (InputStream in = other.getInputStream(entry)) {
            theirs = in.readNBytes(content.length);
        } catch (IOException | RuntimeException | LinkageError e) {
            return;
        }
        Bounds.check(Arrays.equals(content, theirs), () -> member + " has other bytes for another library");
    }
}
