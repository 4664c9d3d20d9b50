package org.ptsanitize.formats.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
    /** The first example of FIPS 180-4's test vectors. */
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final String OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @TempDir
    Path folder;

    @Test
    void bytesPartsOfSourcesAndFilesHaveTheSameDigest() throws IOException {
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
        Path file = Files.write(folder.resolve("abc"), abc);
        assertEquals(OF_ABC, Sha256.hex(abc));
        assertEquals(OF_ABC, Sha256.hex(file));
        assertEquals(OF_ABC, Sha256.hex(MemorySource.of("", "xabcx".getBytes(StandardCharsets.US_ASCII)), 1, 4));
        assertEquals(OF_NOTHING, Sha256.hex(Files.createFile(folder.resolve("empty"))));
    }

    @Test
    void manyBlocksAreOne() throws IOException {
        byte[] bytes = new byte[200_001];
        bytes[131_072] = 1;
        bytes[200_000] = 2;
        assertEquals(Sha256.hex(bytes), Sha256.hex(MemorySource.of("", bytes), 0, bytes.length));
    }
}
