package org.ptsanitize.formats.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest extends ByteSourceContract {
    @TempDir
    Path folder;

    @Override
    protected ByteSource open(byte[] content) throws IOException {
        return FileSource.open(Files.write(folder.resolve("file.bin"), content));
    }

    @Test
    void aFolderIsNamedForWhatItIs() {
        assertEquals(
                folder + ": is a directory; name a checkpoint file",
                assertThrows(NotACheckpointException.class, () -> FileSource.open(folder))
                        .getMessage());
    }

    @Test
    void aMissingFileIsMissing() {
        assertThrows(NoSuchFileException.class, () -> FileSource.open(folder.resolve("none")));
    }

    @Test
    void aFileThatShrinksWhileItIsReadIsMalformed() throws IOException {
        Path file = folder.resolve("shrinking");
        Files.write(file, new byte[100]);
        try (FileSource source = FileSource.open(file)) {
            Files.write(file, new byte[60]);
            assertEquals(
                    "the file became shorter while it was read (byte 60)",
                    assertThrows(MalformedFileException.class, () -> source.read(50, 20))
                            .getMessage());
        }
    }

    @Test
    void aFileThatIsWrittenToWhileItIsReadIsMalformed() throws IOException {
        Path file = Files.write(folder.resolve("growing"), new byte[100]);
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        try (FileSource source = FileSource.open(file)) {
            source.checkUnchanged();
            Files.write(file, new byte[100]);
            assertEquals(
                    file + ": the file changed while it was read",
                    assertThrows(MalformedFileException.class, source::checkUnchanged)
                            .getMessage());
        }
    }
}
