package org.ptsanitize.formats.tar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ptsanitize.formats.tar.TarAssembler.BLOCK;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.tar.TarAssembler.Header;

class TarDirectoryTest {
    private final TarAssembler tar = new TarAssembler();

    private static TarDirectory read(TarAssembler tar) throws IOException {
        return TarDirectory.read(tar.source(), new Budget(Limits.defaults()));
    }

    /** Each member as {@code NAME: CONTENT}, or as {@code NAME} alone if it is no regular file. */
    private static List<String> members(TarAssembler tar) throws IOException {
        return read(tar).members().stream().map(TarDirectoryTest::text).toList();
    }

    private static String text(TarMember member) {
        if (!member.regular()) {
            return member.name();
        }
        try {
            byte[] content = member.bytes().read(0, (int) member.bytes().size()).array();
            return member.name() + ": " + new String(content, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertMalformed(TarAssembler tar, String problem) {
        String message =
                assertThrows(MalformedFileException.class, () -> read(tar)).getMessage();
        assertTrue(message.contains(problem), message);
    }

    @Test
    void readsFilesInTheirOrder() throws IOException {
        tar.file("b", "one").file("a/c", "x".repeat(BLOCK)).file("d", "").end();

        assertEquals(List.of("b: one", "a/c: " + "x".repeat(BLOCK), "d: "), members(tar));
        assertTrue(read(tar).find("a/c").isPresent());
        assertTrue(read(tar).find("a").isEmpty());
    }

    @Test
    void dropsTheDotInFrontOfNames() throws IOException {
        assertEquals(List.of("a: one"), members(tar.file("./a", "one").end()));
    }

    @ParameterizedTest
    @ValueSource(chars = {'0', '\0', '7'})
    void readsRegularFilesOfEveryType(char type) throws IOException {
        tar.add(new Header("a", type, 3), "one").file("b", "two");

        assertEquals(List.of("a: one", "b: two"), members(tar));
    }

    /** The size of a folder says how large it may become. */
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "3, 0", "4, 0", "5, 0", "5, 3", "6, 0"})
    void readsNoBytesOfLinksDevicesAndFolders(char type, long size) throws IOException {
        tar.add(new Header("a", type, size)).file("b", "two");

        assertEquals(List.of("a", "b: two"), members(tar));
    }

    /** Python looks for the next header at once, others behind as many bytes. */
    @ParameterizedTest
    @ValueSource(chars = {'1', '2', '3', '4', '6'})
    void refusesLinksAndDevicesWithBytes(char type) {
        assertMalformed(tar.add(new Header("a", type, 3)).file("b", "two"), "a link or device of 3 bytes");
    }

    @ParameterizedTest
    @ValueSource(chars = {'S', 'M', 'V', 'X', 'Z'})
    void refusesOtherTypes(char type) {
        tar.add(new Header("a", type, 0));

        assertThrows(UnsupportedFileException.class, () -> read(tar));
    }

    /** What is a folder for Python's reader: only a header without a type whose own name ends in a slash. */
    @Test
    void takesTheFormBeforePosixForAFolder() throws IOException {
        tar.add(new Header("a/", '\0', 0))
                .add(new Header("b/", '0', 0))
                .add(new Header("", '\0', 0).prefix("c"))
                .add(new Header("e/", '\0', 0).prefix("d"))
                .extension('L', "long\0")
                .add(new Header("f/", '\0', 0))
                .pax("path", "g/")
                .add(new Header("g", '\0', 0));

        assertEquals(List.of("a/", "b/: ", "c/: ", "d/e/", "long", "g/: "), members(tar));
    }

    /** Python reads them as a file, others as a folder with a header behind it. */
    @Test
    void refusesFoldersWithBytes() {
        String problem = "a folder of 3 bytes";
        assertMalformed(new TarAssembler().add(new Header("a/", '\0', 3), "one"), problem);
        assertMalformed(new TarAssembler().add(new Header("a/", '0', 3), "one"), problem);
        assertMalformed(new TarAssembler().add(new Header("", '0', 3).prefix("a"), "one"), problem);
        assertMalformed(new TarAssembler().pax("path", "b").add(new Header("a/", '\0', 3), "one"), problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ustar\00000", "ustar  \0", "ustar\0\0\0"})
    void putsThePrefixInFrontInEveryDialect(String magic) throws IOException {
        tar.add(TarAssembler.file("b", 3).prefix("a").put(257, magic), "one");

        assertEquals(List.of("a/b: one"), members(tar));
    }

    @Test
    void readsLongNames() throws IOException {
        String name = "a".repeat(300);
        tar.extension('L', name + "1\0")
                .file("cut", "one")
                .extension('K', "link".repeat(100))
                .pax("path", name + "\u00e9")
                .file("cut", "two")
                .file("c", "three");

        assertEquals(List.of(name + "1: one", name + "\u00e9: two", "c: three"), members(tar));
    }

    @Test
    void readsTheSizeOfAPaxHeader() throws IOException {
        tar.pax("size", "3")
                .extension('K', "link")
                .add(TarAssembler.file("a", 0), "one")
                .file("b", "two");

        assertEquals(List.of("a: one", "b: two"), members(tar));
    }

    @Test
    void skipsTheOtherRecordsOfPaxHeaders() throws IOException {
        tar.extension('g', TarAssembler.record("comment", "of all"))
                .extension('x', TarAssembler.record("mtime", "1.5") + TarAssembler.record("path", "b"))
                .file("a", "one");

        assertEquals(List.of("b: one"), members(tar));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9 path=b",
                "8 path=b\n",
                "11 path=b\n",
                "99 path=b\n",
                "path=b\n",
                " path=b\n",
                "7 path\n",
                "5 =b\n"
            })
    void refusesDamagedPaxHeaders(String content) {
        assertMalformed(tar.extension('x', content).file("a", "one"), "a damaged pax header");
    }

    @ParameterizedTest
    @CsvSource({
        "path, b, path, c, two names",
        "size, 3, size, 4, two sizes",
        "size, -3, path, b, with the size",
        "size, 3a, path, b, with the size"
    })
    void refusesContradictionsInPaxHeaders(String key, String value, String nextKey, String nextValue, String problem) {
        assertMalformed(tar.pax(key, value).pax(nextKey, nextValue).file("a", "one"), problem);
    }

    @Test
    void refusesALongNameInBothDialects() {
        assertMalformed(tar.extension('L', "b\0").pax("path", "c").file("a", "one"), "two names");
    }

    @ParameterizedTest
    @CsvSource({"path, b", "size, 3"})
    void refusesOneNameOrSizeForAllMembers(String key, String value) {
        assertMalformed(
                tar.extension('g', TarAssembler.record(key, value)).file("a", "one"), "gives all members one " + key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GNU.sparse.major", "GNU.sparse.size", "SCHILY.realsize"})
    void refusesSparseFiles(String key) {
        tar.pax(key, "1").file("a", "one");

        String message =
                assertThrows(UnsupportedFileException.class, () -> read(tar)).getMessage();
        assertTrue(message.contains("a sparse file"), message);
    }

    @Test
    void refusesLargeExtensions() {
        assertMalformed(tar.extension('L', "a".repeat(1 << 17)), "a tar extension header of 131072 bytes");
    }

    @Test
    void refusesExtensionsWithoutAMember() {
        String problem = "a tar extension header without its member";
        assertMalformed(new TarAssembler().extension('L', "a\0"), problem);
        assertMalformed(new TarAssembler().pax("size", "3").end(), problem);
    }

    @Test
    void readsNumbersInBase256() throws IOException {
        byte[] three = {(byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3};
        byte[] negative = {-1, -1, -1, -1, -1, -1, -1, -2};
        tar.add(TarAssembler.file("a", 0).put(124, three).put(108, negative), "one")
                .file("b", "two");

        assertEquals(List.of("a: one", "b: two"), members(tar));
    }

    @Test
    void refusesSizesThatAreNone() {
        byte[] negative = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -3};
        byte[] huge = {(byte) 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3};
        for (byte[] size : new byte[][] {negative, huge, "00000000008\0".getBytes(StandardCharsets.US_ASCII)}) {
            assertMalformed(
                    new TarAssembler().add(TarAssembler.file("a", 0).put(124, size), "one"), "to have -1 bytes");
        }
    }

    /** Mode, owner, group, time and the numbers of a device. */
    @ParameterizedTest
    @ValueSource(ints = {100, 108, 116, 136, 329, 337})
    void refusesHeadersWithoutNumbers(int field) {
        assertMalformed(tar.add(TarAssembler.file("a", 3).put(field, "none"), "one"), "a damaged tar header");
    }

    @Test
    void refusesAWrongChecksum() {
        byte[] bytes = tar.file("a", "one").toBytes();
        bytes[0]++;

        assertMalformed(new TarAssembler().bytes(bytes), "a damaged tar header");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 5", "5, 0", "2, 0", "0, 2"})
    void refusesAFileWhoseNameComesTwice(char type, char another) {
        tar.add(new Header("a", type, 0)).file("b", "one").add(new Header("./a", another, 0));

        assertMalformed(tar, "two tar members are named \"a\"");
    }

    @Test
    void allowsAFolderTwice() throws IOException {
        tar.add(new Header("a/", '5', 0)).add(new Header("a/", '5', 0));

        assertEquals(List.of("a/"), members(tar));
    }

    /** Every end that the format allows: without a mark, with one block of zeros, padded. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 20, 200})
    void endsAtZeros(int blocks) throws IOException {
        tar.file("a", "one").bytes(new byte[blocks * BLOCK]);

        assertEquals(List.of("a: one"), members(tar));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 200})
    void refusesBytesBehindTheEnd(int blocks) {
        tar.file("a", "one").bytes(new byte[blocks * BLOCK]).file("b", "two");

        assertMalformed(tar, "bytes behind the end of the tar archive");
    }

    @Test
    void refusesACutArchive() {
        byte[] whole = tar.file("a", "one").file("b", "x".repeat(600)).toBytes();
        for (int length = 1; length < whole.length; length += 37) {
            // Zeros behind the bytes of a member are no loss, and a file that ends before a header is whole.
            if (length >= BLOCK + 3 && length <= 2 * BLOCK || length >= 3 * BLOCK + 600) {
                continue;
            }
            MemorySource cut = MemorySource.of("cut.tar", Arrays.copyOf(whole, length));
            assertThrows(
                    MalformedFileException.class,
                    () -> TarDirectory.read(cut, new Budget(Limits.defaults())),
                    "the first " + length + " bytes");
        }
    }

    @Test
    void countsItsMembers() {
        for (int i = 0; i < 10; i++) {
            tar.file("a" + i, "");
        }
        Budget budget = new Budget(Limits.defaults().with(Limit.ENTRIES, 9));

        assertThrows(LimitExceededException.class, () -> TarDirectory.read(tar.source(), budget));
    }

    @Test
    void knowsItsFirstBytes() {
        assertTrue(TarDirectory.isTar(tar.file("a", "one").head()));
        assertFalse(TarDirectory.isOldTar(tar.head()));
        assertFalse(TarDirectory.isTar(new TarAssembler().end().head()));
        assertFalse(TarDirectory.isTar(tar.head().limit(BLOCK - 1)));

        TarAssembler old = new TarAssembler().add(TarAssembler.file("a", 3).put(257, new byte[8]), "one");
        assertFalse(TarDirectory.isTar(old.head()));
        assertTrue(TarDirectory.isOldTar(old.head()));
        assertFalse(TarDirectory.isOldTar(new TarAssembler().end().head()));
    }
}
