package org.ptsanitize.formats.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {
    private static final int MANY = 400;

    @TempDir
    Path directory;

    private void write(String name, String content) throws IOException {
        Path path = directory.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private static byte first(ByteSource source) throws IOException {
        return source.read(0, 1).get();
    }

    @Test
    void manyFilesAreReadInAnyOrder() throws IOException {
        for (int i = 0; i < MANY; i++) {
            write("file" + i, Character.toString('a' + i % 26));
        }
        try (Folder folder = Folder.list(directory)) {
            List<ByteSource> sources = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                sources.add(folder.open("file" + i));
            }
            for (int i = 0; i < 3 * MANY; i++) {
                int file = i * 173 % MANY;
                assertEquals('a' + file % 26, first(sources.get(file)));
            }
            assertEquals(MANY, folder.openedBytes());
        }
    }

    @Test
    void aFileThatWasReplacedMeanwhileIsAnError() throws IOException {
        write("a", "old");
        try (Folder folder = Folder.list(directory)) {
            ByteSource source = folder.open("a");
            write("a", "new");
            Files.setLastModifiedTime(directory.resolve("a"), FileTime.fromMillis(1));
            MalformedFileException error = assertThrows(MalformedFileException.class, () -> first(source));
            assertEquals(directory.resolve("a") + ": the file changed while it was read (byte 0)", error.getMessage());
        }
    }

    @Test
    void foldersAreListedAndTheirFilesCounted() throws IOException {
        write("a", "1");
        write("below/b", "22");
        write("below/deeper/c", "333");
        try (Folder folder = Folder.list(directory)) {
            assertEquals(List.of("a"), folder.names());
            assertEquals(List.of("below"), folder.folderNames());
            assertEquals(1, folder.totalBytes(0));
            assertEquals(3, folder.totalBytes(1));
            assertEquals(6, folder.totalBytes(2));
            assertSame(folder.folder("below"), folder.folder("below"));
            folder.folder("below").open("b");
            assertEquals(List.of(directory.resolve("below/b")), folder.openedPaths());
        }
    }

    @Test
    void aNameThatIsNotInTheListLeadsNowhere() throws IOException {
        write("a", "1");
        try (Folder folder = Folder.list(directory)) {
            assertEquals(
                    "the file name \"../a\" leads out of the folder",
                    assertThrows(MalformedFileException.class, () -> folder.open("../a"))
                            .getMessage());
            assertEquals(
                    "the folder \"b\" is missing",
                    assertThrows(MalformedFileException.class, () -> folder.folder("b"))
                            .getMessage());
            assertThrows(MalformedFileException.class, () -> folder.folder(".."));
        }
    }
}
