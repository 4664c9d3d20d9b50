package org.ptsanitize.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.tar.TarDirectory;
import org.ptsanitize.formats.tar.TarMember;

/** Any bytes are an archive or an error; of an archive, another library reads the same regular files. */
class TarDirectoryFuzzTest {
    static Stream<byte[]> seeds() {
        return Seeds.files(1 << 16)
                .filter(Seeds.with("ustar", 257))
                .map(TarDirectoryFuzzTest::withoutPadding)
                .filter(bytes -> bytes.length <= 8192);
    }

    /** The end of an archive is zeros to a multiple of 10 KiB, which need not be. */
    private static byte[] withoutPadding(byte[] tar) {
        int end = tar.length;
        while (end > 0 && tar[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(tar, Math.min(tar.length, (end + 511) / 512 * 512 + 512));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "")
    void isAnArchiveOrAnError(byte[] bytes) throws IOException {
        repairChecksums(bytes);
        MemorySource source = MemorySource.of("tar", bytes);
        Optional<TarDirectory> read = Bounds.read(() -> TarDirectory.read(source, new Budget(Bounds.SMALL)));
        if (read.isEmpty()) {
            return;
        }
        Map<String, String> ours = new LinkedHashMap<>();
        for (TarMember member : read.get().members()) {
            Bounds.same(member, read.get().find(member.name()).orElseThrow(), "found by name");
            if (member.regular()) {
                byte[] content = member.bytes()
                        .read(0, Math.toIntExact(member.bytes().size()))
                        .array();
                ours.put(ascii(member.name()), new String(content, StandardCharsets.ISO_8859_1));
            }
        }
        Optional<Map<String, String>> theirs = another(bytes);
        theirs.ifPresent(files -> Bounds.same(ours, files, "files for another library"));
    }

    /** A name of the format is ASCII; what becomes of other bytes is each library's own. */
    private static String ascii(String name) {
        return name.replaceAll("[^ -~]", "?");
    }

    /** A mutation rarely hits on a right checksum, and then only the checksum would be tested. */
    private static void repairChecksums(byte[] bytes) {
        for (int at = 0; at + 512 <= bytes.length; at += 512) {
            if (bytes[at + 257] != 'u' || bytes[at + 258] != 's') {
                continue;
            }
            Arrays.fill(bytes, at + 148, at + 156, (byte) ' ');
            int sum = 0;
            for (int i = at; i < at + 512; i++) {
                sum += bytes[i] & 0xff;
            }
            for (int digit = 0; digit < 6; digit++) {
                bytes[at + 153 - digit] = (byte) ('0' + (sum >>> 3 * digit & 7));
            }
            bytes[at + 154] = 0;
        }
    }

    /**
     * Whether a header is a folder for Python's reader, which goes by the name in it; commons-compress goes by the name
     * with prefix and extension.
     */
    private static boolean isOldFolder(byte[] bytes, int header) {
        int end = header;
        while (end < header + 100 && bytes[end] != 0) {
            end++;
        }
        return bytes[header + 156] == 0 && end > header && bytes[end - 1] == '/';
    }

    /** The regular files as commons-compress reads them; empty where it refuses the archive. */
    private static Optional<Map<String, String>> another(byte[] bytes) {
        Map<String, String> files = new LinkedHashMap<>();
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (List.of('0', '\0', '7').contains((char) entry.getLinkFlag())
                        && !isOldFolder(bytes, bytes.length - in.available() - 512)) {
                    String content = new String(tar.readAllBytes(), StandardCharsets.ISO_8859_1);
                    String name = entry.getName();
                    files.put(ascii(name.startsWith("./") ? name.substring(2) : name), content);
                }
            }
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
        return Optional.of(files);
    }
}
