package org.ptsanitize.formats.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.checkpoint.Glance.Looks;

class GlanceTest {
    private static Looks at(byte[] bytes) throws IOException {
        return Glance.at(MemorySource.of("bytes", bytes), new Budget(Limits.defaults()));
    }

    private static Looks at(String text) throws IOException {
        return at(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] zip(String firstMember) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(firstMember));
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    static Stream<Path> specimens() throws IOException {
        Path corpus = Path.of("../corpus/specimens");
        try (Stream<Path> files = Files.walk(corpus)) {
            List<String> none =
                    List.of(".gitkeep", "manifest.json", "config.json", "latest", "iteration.txt", "index.json");
            return files
                    .filter(file -> Files.isRegularFile(file) && none.stream().noneMatch(file.toString()::endsWith))
                    .toList()
                    .stream();
        }
    }

    /** Nothing that can be converted is passed over. */
    @ParameterizedTest
    @MethodSource("specimens")
    void everySpecimenIsSeen(Path file) throws IOException {
        try (FileSource source = FileSource.open(file)) {
            Looks looks = Glance.at(source, new Budget(Limits.defaults()));
            assertEquals(true, looks == Looks.CHECKPOINT || looks == Looks.ARCHIVE, looks::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "archive/data.pkl",
                "model/version",
                "m/constants.pkl",
                "m/code/__torch__.py",
                "m/data/0",
                "m/.format_version",
                "a.npy"
            })
    void aZipOfTorchOrNumpyIsKnownByItsFirstMember(String name) throws IOException {
        assertEquals(Looks.CHECKPOINT, at(zip(name)));
        assertEquals(Looks.CHECKPOINT, at(gzip(zip(name))));
        assertEquals(Looks.CHECKPOINT, at(Arrays.copyOf(zip(name), 30 + name.length())), "cut short");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[Content_Types].xml", "META-INF/MANIFEST.MF", "policy.pth", "data.pkl", ""})
    void anyOtherZipIsAnArchive(String name) throws IOException {
        assertEquals(Looks.ARCHIVE, at(zip(name.isEmpty() ? "x" : name)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(dp0\nS'a'\np1\n",
                "(lp0\n",
                "ccollections\nOrderedDict\np0\n(Rp1\n.",
                "L119547037146038801333356L\n.",
                "}q\u0000(U\u0001a",
                "\u0080\u0002}q\u0000."
            })
    void picklesOfAllProtocolsAreSeen(String text) throws IOException {
        assertEquals(Looks.CHECKPOINT, at(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "It is a text.\n",
                "(see below)\n",
                "class A:\n    pass\n",
                "cat\ndog\nemu\n",
                "I am\n",
                "]q\n",
                "{\"a\": 1}",
                "x^2 + y^2\n",
                "#!/bin/sh\n",
                "\u0089PNG\r\n\u001a\n",
                "MZ\u0090\u0000\u0003",
                "\u007fELF\u0002\u0001\u0001\u0000"
            })
    void textsAndOtherKnownFilesAreNone(String text) throws IOException {
        assertEquals(Looks.OTHER, at(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\0\0\0\0", "<!DOCTYPE html>", "<html>", "version https://git-lfs.github.com/spec/v1\noid"})
    void whatIsLeftOfAFailedDownloadIsSeen(String text) throws IOException {
        assertEquals(Looks.STAND_IN, at(text));
    }

    @Test
    void bytesThatTellNothingAreUnknown() throws IOException {
        assertEquals(Looks.UNKNOWN, at("\u0001\u0002\u0003\u0004\u0005\u0006\u0007"));
    }

    @Test
    void packedDataIsLookedIntoOnce() throws IOException {
        assertEquals(Looks.OTHER, at(gzip("a text\n".repeat(1000).getBytes(StandardCharsets.US_ASCII))));
        assertEquals(Looks.ARCHIVE, at(gzip(gzip(zip("archive/data.pkl")))));
        assertEquals(Looks.OTHER, at(new byte[] {0x1f, (byte) 0x8b, 8, 0}), "damaged at once");
    }

    @Test
    void anIndexNamesItsShards() throws IOException {
        assertEquals(
                Optional.of(new TreeSet<>(List.of("1.bin", "2.bin"))),
                shards("{\"weight_map\": {\"a\": \"2.bin\", \"b\": \"1.bin\", \"c\": \"2.bin\"}}"));
        assertEquals(Optional.empty(), shards("{\"something\": \"else\"}"));
        assertEquals(Optional.empty(), shards("[1, 2, 3, 4, 5]"));
        assertThrows(MalformedFileException.class, () -> shards("{\"weight_map\": {\"a\": "));
    }

    private static Optional<?> shards(String text) throws IOException {
        return Glance.shards(
                MemorySource.of("index", text.getBytes(StandardCharsets.UTF_8)), new Budget(Limits.defaults()));
    }
}
