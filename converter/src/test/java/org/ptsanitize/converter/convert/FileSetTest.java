package org.ptsanitize.converter.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSetTest {
    private static final ConvertOptions FORCE =
            ConvertOptions.builder().force(true).build();

    @TempDir
    Path folder;

    private AtomicFile write(FileSet files, String name, String content) throws IOException {
        AtomicFile file = files.add(folder.resolve(name));
        file.sink().write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
        file.flush();
        return file;
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }

    @Test
    void allFilesAreReplacedTogether() throws IOException {
        Files.writeString(folder.resolve("a"), "old a");
        Files.writeString(folder.resolve("index"), "old index");
        try (FileSet files = new FileSet(FORCE)) {
            write(files, "a", "new a");
            write(files, "b", "new b");
            write(files, "index", "new index");
            files.commit();
        }
        assertEquals(Map.of("a", "new a", "b", "new b", "index", "new index"), contents());
    }

    @Test
    void ifOneCannotBeNamedTheOldOnesAreThereAgain() throws IOException {
        Files.writeString(folder.resolve("a"), "old a");
        Files.writeString(folder.resolve("index"), "old index");
        try (FileSet files = new FileSet(FORCE)) {
            write(files, "a", "new a");
            write(files, "b", "new b");
            AtomicFile last = write(files, "index", "new index");
            Files.delete(last.temporary());
            assertThrows(NoSuchFileException.class, files::commit);
        }
        assertEquals(Map.of("a", "old a", "index", "old index"), contents());
    }

    @Test
    void withoutForceNothingThatAppearedMeanwhileIsReplaced() throws IOException {
        try (FileSet files = new FileSet(ConvertOptions.defaults())) {
            write(files, "a", "new a");
            write(files, "index", "new index");
            Files.writeString(folder.resolve("index"), "of someone else");
            assertThrows(IOException.class, files::commit);
        }
        assertEquals(Map.of("index", "of someone else"), contents());
    }

    @Test
    void nothingIsLeftIfNothingIsCommitted() throws IOException {
        try (FileSet files = new FileSet(ConvertOptions.defaults())) {
            write(files, "a", "new a");
        }
        assertEquals(Map.of(), contents());
    }
}
