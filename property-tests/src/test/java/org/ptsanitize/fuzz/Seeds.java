package org.ptsanitize.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;
import org.ptsanitize.oracle.RepositoryRoot;

/** The small files of the corpus, and what stands in them: where mutations begin. */
final class Seeds {
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    private Seeds() {}

    /** All files of at most so many bytes. */
    static Stream<byte[]> files(int largest) {
        Path corpus = RepositoryRoot.find().resolve("corpus");
        return Stream.of("specimens", "hostile")
                .flatMap(folder -> walk(corpus.resolve(folder)))
                .filter(file -> !file.toString().endsWith(".json"))
                .sorted()
                .map(Seeds::read)
                .filter(bytes -> bytes.length <= largest);
    }

    static Stream<byte[]> zips(int largest) {
        return files(largest).filter(bytes -> startsWith(bytes, ZIP));
    }

    /** Those that hold a text at an offset. */
    static Predicate<byte[]> with(String text, int offset) {
        byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
        return bytes -> bytes.length >= offset + wanted.length
                && startsWith(Arrays.copyOfRange(bytes, offset, offset + wanted.length), wanted);
    }

    /** The pickles in zips, and all that is no zip. */
    static Stream<byte[]> pickles(int largest) {
        return files(1 << 16)
                .flatMap(bytes -> startsWith(bytes, ZIP) ? pickle(bytes).stream() : Stream.of(bytes))
                .filter(bytes -> bytes.length <= largest);
    }

    private static Optional<byte[]> pickle(byte[] zip) {
        Budget budget = new Budget(Bounds.SMALL);
        try (Scratch scratch = Scratch.of(zip.length, Bounds.SMALL)) {
            ZipDirectory directory = ZipDirectory.read(MemorySource.of("zip", zip), budget);
            for (ZipMember member : directory.members()) {
                if (member.name().endsWith("/data.pkl")) {
                    try (ByteSource bytes = directory.open(member, scratch, budget)) {
                        return Optional.of(
                                bytes.read(0, Math.toIntExact(bytes.size())).array());
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static Stream<Path> walk(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
