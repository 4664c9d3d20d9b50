package org.ptsanitize.formats.zip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.Scratch;

class ZipDirectoryTest {
    private final ZipAssembler zip = new ZipAssembler();
    private ZipAssembler.Part pickle;
    private ZipAssembler.Part storage;

    @BeforeEach
    void assemble() {
        pickle = zip.add("archive/data.pkl", "pickle");
        storage = zip.add("archive/data/0", "12345678");
    }

    private static Budget budget() {
        return new Budget(Limits.defaults());
    }

    private ZipDirectory read() throws IOException {
        return ZipDirectory.read(zip.source(), budget());
    }

    private static String text(ZipDirectory directory, String name) throws IOException {
        Budget budget = budget();
        try (Scratch scratch = Scratch.of(0, budget.limits());
                ByteSource bytes = directory.open(directory.find(name).orElseThrow(), scratch, budget)) {
            return StandardCharsets.UTF_8
                    .decode(bytes.read(0, (int) bytes.size()))
                    .toString();
        }
    }

    private void refuses(String message) {
        assertEquals(
                message, assertThrows(FileFormatException.class, this::read).getMessage());
    }

    private void refusesToOpen(String name, String message) throws IOException {
        ZipDirectory directory = read();
        assertEquals(
                message,
                assertThrows(FileFormatException.class, () -> text(directory, name))
                        .getMessage());
    }

    // ---- what is read

    @Test
    void membersAreListedInTheOrderOfTheDirectory() throws IOException {
        ZipDirectory directory = read();
        assertEquals(
                List.of("archive/data.pkl", "archive/data/0"),
                directory.members().stream().map(ZipMember::name).toList());
        assertEquals("archive", directory.firstRoot());
        assertEquals(List.of(), directory.notes());
        assertEquals("pickle", text(directory, "archive/data.pkl"));
        assertEquals("12345678", text(directory, "archive/data/0"));
    }

    @Test
    void aMemberKnowsWhatTheDirectorySays() throws IOException {
        ZipMember member = read().members().get(1);
        assertEquals(52, member.headerOffset());
        assertEquals(52 + 30 + 14, member.dataOffset());
        assertEquals(8, member.compressedSize());
        assertEquals(8, member.size());
        assertEquals(0, member.method());
        assertEquals(0, member.flags());
        assertEquals(0x9ae0daafL, member.crc());
        assertEquals("\"archive/data/0\"", member.toString());
        assertThrows(UnsupportedOperationException.class, () -> read().members().clear());
    }

    @Test
    void namesAreFoundExactlyOrAsPyTorchFindsThem() throws IOException {
        ZipDirectory directory = read();
        assertEquals(Optional.empty(), directory.find("archive/DATA.pkl"));
        assertEquals(Optional.empty(), directory.find("archive/none"));
        assertEquals(
                "archive/data.pkl",
                directory.findIgnoringCase("ARCHIVE/Data.PKL").orElseThrow().name());
        assertEquals(Optional.empty(), directory.findIgnoringCase("archive/none"));
    }

    @Test
    void pyTorchIgnoresTheCaseOfAsciiLettersOnly() throws IOException {
        zip.add("archive/Ä", "x");
        ZipDirectory directory = read();
        assertTrue(directory.findIgnoringCase("ARCHIVE/Ä").isPresent());
        assertEquals(Optional.empty(), directory.findIgnoringCase("archive/ä"));
    }

    @Test
    void aDeflatedMemberIsInflated() throws IOException {
        zip.deflate("archive/version", "3\n".repeat(500).getBytes(StandardCharsets.UTF_8));
        assertEquals("3\n".repeat(500), text(read(), "archive/version"));
    }

    @Test
    void aRootMayBeEmptyOrMissing() throws IOException {
        ZipAssembler empty = new ZipAssembler();
        empty.add("/data.pkl", "x");
        assertEquals("", ZipDirectory.read(empty.source(), budget()).firstRoot());
        ZipAssembler none = new ZipAssembler();
        none.add("data.pkl", "x");
        assertEquals("", ZipDirectory.read(none.source(), budget()).firstRoot());
    }

    @Test
    void anArchiveWithoutMembersHasNone() throws IOException {
        ZipDirectory directory = ZipDirectory.read(new ZipAssembler().source(), budget());
        assertEquals(List.of(), directory.members());
        assertEquals("", directory.firstRoot());
    }

    @Test
    void zip64NumbersAreRead() throws IOException {
        zip.zip64 = true;
        zip.count = 0xFFFF;
        zip.directorySize = 0xFFFF_FFFFL;
        zip.directoryOffset = 0xFFFF_FFFFL;
        storage.extra = ZipAssembler.extra(1, 8, 8, 52);
        storage.offset = 0xFFFF_FFFFL;
        storage.size = 0xFFFF_FFFFL;
        storage.packedSize = 0xFFFF_FFFFL;
        assertEquals("12345678", text(read(), "archive/data/0"));
    }

    @Test
    void dataDescriptorsBelongToTheirMember() throws IOException {
        for (int length : new int[] {12, 16, 20, 24}) {
            storage.flags = 8;
            storage.localFlags = 8;
            storage.localCrc = 0;
            storage.localSize = 0;
            storage.localPackedSize = 0;
            storage.behind = new byte[length];
            assertEquals("12345678", text(read(), "archive/data/0"));
        }
    }

    @Test
    void unknownAndDamagedExtraFieldsAreSkippedAsPyTorchDoes() throws IOException {
        pickle.extra = new byte[] {1, 2, 3};
        storage.extra = new byte[] {0x75, 0x70, 60, 0, 1};
        storage.localExtra = new byte[] {9};
        assertEquals("pickle", text(read(), "archive/data.pkl"));
        assertEquals("12345678", text(read(), "archive/data/0"));
    }

    @Test
    void aUnicodePathFieldRenamesNothing() throws IOException {
        byte[] renamed = "archive/data/1".getBytes(StandardCharsets.UTF_8);
        byte[] field = new byte[9 + renamed.length];
        field[0] = 0x75;
        field[1] = 0x70;
        field[2] = (byte) (5 + renamed.length);
        field[4] = 1;
        System.arraycopy(renamed, 0, field, 9, renamed.length);
        storage.extra = field;
        assertEquals("12345678", text(read(), "archive/data/0"));
    }

    @Test
    void namesAreUtf8WithOrWithoutTheFlag() throws IOException {
        zip.add("archive/é", "a");
        zip.add("archive/重", "b").flags = 0x800;
        assertEquals("a", text(read(), "archive/é"));
        assertEquals("b", text(read(), "archive/重"));
        assertEquals(List.of(), read().notes());
    }

    @Test
    void namesThatAreNotUtf8KeepTheirBytesAndAreNoted() throws IOException {
        ZipAssembler.Part part = zip.add("archive/?", "a");
        part.name = "archive/\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        part.localName = part.name;
        assertEquals("a", text(read(), "archive/\u00e9"));
        assertEquals(List.of("some member names are not UTF-8; their bytes were read as ISO-8859-1"), read().notes());
    }

    @Test
    void aCommentIsPartOfTheArchiveAndJunkBehindItIsNoted() throws IOException {
        zip.comment = "made by hand".getBytes(StandardCharsets.UTF_8);
        assertEquals(List.of(), read().notes());
        zip.trailing = new byte[70];
        assertEquals(List.of("70 bytes after the end of the archive were ignored"), read().notes());
    }

    @Test
    void anArchiveInsideAStoredMemberIsJustBytes() throws IOException {
        byte[] inner = new ZipAssembler().build();
        ZipAssembler whole = new ZipAssembler();
        whole.add("inner", "x");
        zip.add("archive/inner.zip", whole.build());
        zip.add("archive/empty.zip", inner);
        assertEquals(4, read().members().size());
    }

    @Test
    void aFolderCanBePresent() throws IOException {
        zip.add("archive/", "").attributes = 0x10;
        assertEquals(3, read().members().size());
    }

    @Test
    void theCrcIsCheckedOnRequestAndZeroMeansNotComputed() throws IOException {
        pickle.crc = 5;
        pickle.localCrc = 5;
        storage.crc = 0;
        storage.localCrc = 0;
        ZipDirectory directory = read();
        ByteSource wrong = MemorySource.of("pickle", "pickle".getBytes(StandardCharsets.UTF_8));
        assertEquals(false, ZipDirectory.verifyCrc(directory.members().get(0), wrong));
        assertEquals(true, ZipDirectory.verifyCrc(directory.members().get(1), wrong));
        assertEquals(
                0xCBF43926L,
                ZipDirectory.crc32(MemorySource.of("check", "123456789".getBytes(StandardCharsets.UTF_8))));
        assertEquals(0, ZipDirectory.crc32(MemorySource.of("empty", new byte[0])));
    }

    @Test
    void theCrcOfAStoredMemberIsComparedWhenItIsReadFromFrontToBack() throws IOException {
        assertEquals(false, readInPieces(0, 3, 8));
        storage.crc = 5;
        storage.localCrc = 5;
        assertEquals(true, readInPieces(0, 8));
        assertEquals(true, readInPieces(0, 3, 4, 8));
        assertEquals(false, readInPieces(0, 3, 7), "the last byte was not read");
        assertEquals(false, readInPieces(3, 8), "the first bytes were not read");
        storage.crc = 0;
        storage.localCrc = 0;
        assertEquals(false, readInPieces(0, 8), "0 means not computed");
    }

    /** Whether the bytes of the storage contradict their CRC once they were read from each position to the next. */
    private boolean readInPieces(int... positions) throws IOException {
        ZipDirectory directory = read();
        try (Scratch scratch = Scratch.of(0, budget().limits());
                ByteSource bytes = directory.open(directory.members().get(1), scratch, budget())) {
            ByteSource part = bytes.slice("storage", 0, bytes.size());
            for (int i = 0; i + 1 < positions.length; i++) {
                part.read(positions[i], positions[i + 1] - positions[i]);
            }
            ByteArrayOutputStream copy = new ByteArrayOutputStream();
            boolean contradicted = part.isContradicted();
            part.transferTo(0, 8, Channels.newChannel(copy));
            assertEquals("12345678", copy.toString(StandardCharsets.UTF_8));
            return contradicted;
        }
    }

    @Test
    void commonsCompressSeesTheSameMembers() throws IOException {
        zip.deflate("archive/version", new byte[1000]);
        zip.add("archive/é/重", "x").flags = 0x800;
        ZipDirectory directory = read();
        try (ZipFile other = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(zip.build()))
                .setUseUnicodeExtraFields(false)
                .get()) {
            List<ZipArchiveEntry> entries = Collections.list(other.getEntries());
            for (int i = 0; i < entries.size(); i++) {
                ZipMember member = directory.members().get(i);
                assertEquals(entries.get(i).getName(), member.name());
                assertEquals(entries.get(i).getDataOffset(), member.dataOffset());
                assertEquals(entries.get(i).getSize(), member.size());
                assertEquals(entries.get(i).getCompressedSize(), member.compressedSize());
            }
            assertEquals(4, entries.size());
        }
    }

    // ---- names that readers mix up

    @Test
    void twoEqualNamesAreRefused() {
        zip.add("archive/data.pkl", "other");
        refuses("two members are called \"archive/data.pkl\" (bytes 0 and 104)");
    }

    @Test
    void twoNamesThatDifferInCaseAreRefused() {
        zip.add("archive/DATA.pkl", "other");
        refuses("two members are called \"archive/data.pkl\" and \"archive/DATA.pkl\", which PyTorch may mix up"
                + " (bytes 0 and 104)");
    }

    @Test
    void twoNamesThatDifferInUnicodeNormalisationAreRefused() {
        zip.add("archive/e\u0301", "a");
        zip.add("archive/\u00c9", "b");
        refuses("two members are called \"archive/e\u0301\" and \"archive/É\", which PyTorch may mix up"
                + " (bytes 104 and 146)");
    }

    @Test
    void aNulInANameIsRefused() {
        zip.add("archive/data.pkl\0.txt", "x");
        refuses("a member name with a NUL: \"archive/data.pkl\\u0000.txt\" (byte 278)");
    }

    @Test
    void aNameThatClaimsUtf8MustBeUtf8() {
        ZipAssembler.Part part = zip.add("?", "x");
        part.name = new byte[] {'a', (byte) 0xFF};
        part.flags = 0x800;
        refuses("a member name that is said to be UTF-8, but is not: \"aÿ\" (byte 258)");
    }

    @Test
    void anEmptyNameIsRefused() {
        zip.add("", "x");
        refuses("a member name of 0 bytes, 1 to 512 expected (byte 257)");
    }

    @Test
    void aNameThatPyTorchWouldCutIsRefused() {
        zip.add("a".repeat(513), "x");
        refuses("a member name of 513 bytes, 1 to 512 expected (byte 770)");
    }

    // ---- numbers that lie

    @Test
    void aFileWithoutAnEndIsRefused() {
        assertEquals(
                "no end of a zip directory: the file is cut short or damaged (byte 100)",
                assertThrows(
                                FileFormatException.class,
                                () -> ZipDirectory.read(
                                        MemorySource.of("cut", java.util.Arrays.copyOf(zip.build(), 100)), budget()))
                        .getMessage());
        assertThrows(
                FileFormatException.class, () -> ZipDirectory.read(MemorySource.of("empty", new byte[0]), budget()));
    }

    @Test
    void everyCutOfAnArchiveIsRefused() {
        byte[] whole = zip.build();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThrows(FileFormatException.class, () -> ZipDirectory.read(MemorySource.of("cut", cut), budget()));
        }
    }

    @Test
    void noFlippedBitEndsAsAnythingButAValueOrAFileError() {
        zip.zip64 = true;
        zip.deflate("archive/version", new byte[100]);
        byte[] whole = zip.build();
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            openAll(flipped);
        }
    }

    private static void openAll(byte[] archive) {
        Budget budget = budget();
        try (Scratch scratch = Scratch.of(archive.length, budget.limits())) {
            ZipDirectory directory = ZipDirectory.read(MemorySource.of("flipped", archive), budget);
            for (ZipMember member : directory.members()) {
                directory.open(member, scratch, budget).close();
            }
        } catch (FileFormatException e) {
            assertTrue(e.getMessage().indexOf('\n') < 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void moreMembersThanTheDirectoryHoldsAreRefused() {
        zip.count = 3;
        storage.extra = new byte[100];
        refuses("the central directory is shorter than its entry count says (byte 326)");
    }

    @Test
    void aCountThatNoDirectoryCouldHoldIsRefused() {
        zip.count = 60;
        refuses("a central directory of 122 bytes cannot hold 60 members (byte 104)");
    }

    @Test
    void fewerMembersThanTheDirectoryHoldsAreRefused() {
        zip.count = 1;
        refuses("the central directory goes on after its 1 members (byte 166)");
    }

    @Test
    void aDirectoryThatIsNoneIsRefused() {
        zip.directoryOffset = 50;
        zip.directorySize = 226 - 50;
        refuses("no header of a central directory where one is expected (byte 50)");
    }

    @Test
    void aDirectoryThatDoesNotReachItsEndRecordIsRefused() {
        zip.directoryOffset = 100;
        refuses("a central directory of 122 bytes from byte 100 does not end at its end record (byte 226)");
    }

    @Test
    void aDirectoryBehindTheEndIsRefused() {
        zip.directoryOffset = 0xFFFF_0000L;
        refuses("a central directory of 122 bytes from byte 4294901760 does not end at its end record (byte 226)");
    }

    @Test
    void aCommentLongerThanTheFileIsRefused() {
        ZipAssembler inner = new ZipAssembler();
        byte[] bytes = inner.build();
        bytes[20] = 1;
        assertEquals(
                "the archive comment runs past the end of the file (byte 0)",
                assertThrows(
                                FileFormatException.class,
                                () -> ZipDirectory.read(MemorySource.of("comment", bytes), budget()))
                        .getMessage());
    }

    @Test
    void splitArchivesAreNotRead() {
        zip.disk = 1;
        refuses("an archive split into several files (byte 226)");
        zip.disk = 0;
        storage.disk = 2;
        refuses("an archive split into several files (byte 166)");
        storage.disk = 0;
        zip.zip64 = true;
        zip.disks = 2;
        refuses("an archive split into several files (byte 282)");
    }

    @Test
    void zip64NumbersThatDisagreeAreRefused() {
        zip.zip64 = true;
        zip.zip64Count = 1L << 40;
        refuses("the entry count is 2 at the end of the file and 1099511627776 in the zip64 record (byte 226)");
        zip.count = 0xFFFF;
        refuses("a central directory of 122 bytes cannot hold 1099511627776 members (byte 104)");
        zip.zip64Count = Long.MIN_VALUE;
        refuses("a central directory of 122 bytes cannot hold 9223372036854775808 members (byte 104)");
        zip.zip64Count = -1;
        zip.count = -1;
        zip.directorySize = 121;
        refuses("the directory size is 121 at the end of the file and 122 in the zip64 record (byte 226)");
        zip.directorySize = -1;
        zip.directoryOffset = 105;
        refuses("the directory offset is 105 at the end of the file and 104 in the zip64 record (byte 226)");
    }

    @Test
    void aLocatorThatPointsElsewhereIsRefused() {
        zip.zip64 = true;
        zip.locatorOffset = 8;
        refuses("the zip64 locator points to byte 8, where no zip64 record is (byte 282)");
        zip.locatorOffset = Long.MAX_VALUE;
        refuses("the zip64 locator points to byte 9223372036854775807, where no zip64 record is (byte 282)");
        zip.locatorOffset = -1;
        zip.zip64RecordLength = 1000;
        refuses("a zip64 record of 1000 bytes, 44 expected (byte 226)");
    }

    @Test
    void zip64FieldsThatLieAreRefused() {
        storage.size = 0xFFFF_FFFFL;
        refuses("member \"archive/data/0\" has no zip64 field, though its sizes need one (byte 226)");
        storage.extra = ZipAssembler.extra(1);
        refuses("member \"archive/data/0\" has a zip64 field that is too short (byte 230)");
        storage.extra = ZipAssembler.extra(1, Long.MIN_VALUE + 7);
        refuses("member \"archive/data/0\" has a zip64 field with the absurd value 9223372036854775815 (byte 230)");
        storage.extra = new byte[] {1, 0, 9, 0, 1};
        refuses("member \"archive/data/0\" has damaged extra fields (byte 226)");
        storage.extra = new byte[] {1, 0, 0, 0, 1, 0, 0, 0};
        refuses("member \"archive/data/0\" has two zip64 fields (byte 230)");
    }

    @Test
    void aDirectoryHeaderThatRunsPastTheDirectoryIsRefused() {
        byte[] archive = zip.build();
        archive[166 + 30] = (byte) 0xFF;
        assertEquals(
                "a directory header of 315 bytes runs past its directory (byte 166)",
                assertThrows(
                                FileFormatException.class,
                                () -> ZipDirectory.read(MemorySource.of("long", archive), budget()))
                        .getMessage());
    }

    // ---- bytes of two members or of none

    @Test
    void twoMembersOverTheSameBytesAreRefused() {
        ZipAssembler.Part twin = zip.add("archive/data/1", "12345678");
        twin.local = false;
        twin.offset = 52;
        twin.localName = storage.name;
        refuses("members \"archive/data/0\" and \"archive/data/1\" share bytes (byte 52)");
    }

    @Test
    void aMemberInsideAnotherIsRefused() {
        ZipAssembler inner = new ZipAssembler();
        inner.add("inner", "x");
        ZipAssembler.Part outer = zip.add("archive/outer", inner.build());
        ZipAssembler.Part hidden = zip.add("inner", "x");
        hidden.local = false;
        hidden.offset = 104 + 30 + 13;
        assertEquals("archive/outer".length(), outer.name.length);
        refuses("members \"archive/outer\" and \"inner\" share bytes (byte 147)");
    }

    @Test
    void bytesInFrontOfTheFirstMemberAreRefused() {
        zip.front = new byte[] {'M', 'Z'};
        refuses("2 bytes in front of the first member belong to no member (byte 0)");
    }

    @Test
    void aMemberThatOnlyHasALocalHeaderIsRefused() {
        zip.add("archive/hidden", "x").central = false;
        zip.add("archive/last", "x");
        refuses("45 bytes behind member \"archive/data/0\" belong to no member (byte 104)");
    }

    @Test
    void bytesInFrontOfTheDirectoryAreRefused() {
        zip.beforeDirectory = new byte[16];
        refuses("16 bytes in front of the directory belong to no member (byte 104)");
    }

    @Test
    void aGapThatIsNoDataDescriptorIsRefused() {
        storage.flags = 8;
        storage.localFlags = 8;
        storage.behind = new byte[17];
        refuses("17 bytes in front of the directory belong to no member (byte 104)");
    }

    @Test
    void aMemberWithoutALocalHeaderIsRefused() {
        storage.localSignature = 0x12345678;
        refuses("member \"archive/data/0\" has no local header where the directory says (byte 52)");
        storage.offset = 0xFFFF_FF00L;
        refuses("member \"archive/data/0\" has no local header where the directory says (byte 4294967040)");
    }

    @Test
    void aMemberThatRunsIntoTheDirectoryIsRefused() {
        storage.packedSize = 9;
        refuses("member \"archive/data/0\" of 9 bytes runs into the directory (byte 52)");
        storage.packedSize = 0xFFFF_FFFFL;
        storage.extra = ZipAssembler.extra(1, Long.MAX_VALUE);
        refuses("member \"archive/data/0\" of 9223372036854775807 bytes runs into the directory (byte 52)");
    }

    // ---- two ends

    @Test
    void aSecondEndInTheCommentIsRefused() {
        zip.comment = ZipAssembler.endRecord(0, 0, 0, 0, 0);
        refuses("a central directory of 0 bytes from byte 0 does not end at its end record (byte 248)");
        zip.comment = ZipAssembler.endRecord(0, 0, 0, 248, 0);
        refuses("248 bytes in front of the directory belong to no member (byte 0)");
    }

    @Test
    void aSecondEndInTheJunkIsRefused() {
        zip.trailing = ZipAssembler.endRecord(0, 2, 122, 104, 0);
        refuses("a central directory of 122 bytes from byte 104 does not end at its end record (byte 248)");
    }

    @Test
    void anEndInsideTheDirectoryIsRefused() {
        byte[] fake = ZipAssembler.endRecord(0, 2, 122, 104, 0);
        byte[] field = new byte[4 + fake.length];
        field[0] = 9;
        field[2] = (byte) fake.length;
        System.arraycopy(fake, 0, field, 4, fake.length);
        storage.extra = field;
        refuses("two ends of a zip directory, readers take one or the other (bytes 230 and 252)");
    }

    @Test
    void anEndInsideAMemberIsRefusedWhenJunkFollowsTheArchive() {
        ZipAssembler inner = new ZipAssembler();
        inner.add("inner", "x");
        zip.add("archive/inner.zip", inner.build());
        zip.trailing = new byte[] {1};
        int endOfInner = 104 + 30 + 17 + 36 + 51;
        int end = zip.build().length - 22 - zip.trailing.length;
        refuses("two ends of a zip directory, readers take one or the other (bytes " + endOfInner + " and " + end
                + ")");
    }

    // ---- members that cannot be opened

    @Test
    void anotherNameInTheLocalHeaderIsRefusedWhenTheMemberIsOpened() throws IOException {
        pickle.localName = "archive/datap.kl".getBytes(StandardCharsets.UTF_8);
        refusesToOpen("archive/data.pkl", "member \"archive/data.pkl\" has another name in its local header (byte 0)");
        assertEquals("12345678", text(read(), "archive/data/0"));
    }

    @Test
    void otherNumbersInTheLocalHeaderAreRefusedWhenTheMemberIsOpened() throws IOException {
        pickle.localMethod = 8;
        refusesToOpen(
                "archive/data.pkl",
                "member \"archive/data.pkl\" has compression method 0 in the directory and 8 in its local header"
                        + " (byte 0)");
        pickle.localMethod = 0;
        pickle.localFlags = 1;
        refusesToOpen("archive/data.pkl", "member \"archive/data.pkl\" has other flags in its local header (byte 0)");
        pickle.localFlags = 0;
        pickle.localSize = 0;
        refusesToOpen(
                "archive/data.pkl", "member \"archive/data.pkl\" has another size or CRC in its local header (byte 0)");
        pickle.localSize = 6;
        pickle.localCrc = 0;
        refusesToOpen(
                "archive/data.pkl", "member \"archive/data.pkl\" has another size or CRC in its local header (byte 0)");
    }

    @Test
    void encryptedAndPatchedMembersAreNotRead() throws IOException {
        for (int flag : new int[] {0x1, 0x20, 0x40, 0x2000}) {
            pickle.flags = flag;
            pickle.localFlags = flag;
            refusesToOpen("archive/data.pkl", "member \"archive/data.pkl\" is encrypted or a patch (byte 0)");
        }
        assertEquals("12345678", text(read(), "archive/data/0"));
    }

    @Test
    void otherMethodsAreNotRead() throws IOException {
        for (int method : new int[] {1, 9, 12, 14, 93, 95, 99, 57005}) {
            pickle.method = method;
            pickle.localMethod = method;
            refusesToOpen(
                    "archive/data.pkl",
                    "member \"archive/data.pkl\" is packed with method " + method
                            + ", only stored (0) and deflated (8) are read (byte 0)");
        }
    }

    @Test
    void linksFoldersAndDevicesAreNotRead() throws IOException {
        for (int attributes : new int[] {0120777 << 16, 0040755 << 16, 0020644 << 16, 0010644 << 16, 0x10}) {
            storage.attributes = attributes;
            refusesToOpen("archive/data/0", "member \"archive/data/0\" is not a regular file (byte 52)");
        }
        storage.attributes = 0100644 << 16;
        assertEquals("12345678", text(read(), "archive/data/0"));
        zip.add("archive/folder/", "");
        refusesToOpen("archive/folder/", "member \"archive/folder/\" is not a regular file (byte 104)");
    }

    @Test
    void aStoredMemberHasOneSize() throws IOException {
        storage.size = 9;
        storage.localSize = 9;
        refusesToOpen(
                "archive/data/0",
                "member \"archive/data/0\" is stored, but has 8 bytes packed and 9 unpacked (byte 52)");
    }

    // ---- limits

    @Test
    void membersCountAgainstTheLimit() {
        Budget budget = new Budget(Limits.defaults().with(Limit.ENTRIES, 1));
        assertEquals(
                "needs more than the limit of 1 archive members (byte 104); raise --max-entries if you trust this file",
                assertThrows(LimitExceededException.class, () -> ZipDirectory.read(zip.source(), budget))
                        .getMessage());
    }

    @Test
    void membersCountAgainstTheMemory() {
        Budget budget = new Budget(Limits.defaults().with(Limit.MEMORY, 300));
        assertThrows(LimitExceededException.class, () -> ZipDirectory.read(zip.source(), budget));
    }

    @Test
    void manyMembersAreFoundByName() throws IOException {
        ZipAssembler many = new ZipAssembler();
        for (int i = 0; i < 60_000; i++) {
            many.add("archive/data/" + i, new byte[] {(byte) i});
        }
        ZipDirectory directory = ZipDirectory.read(many.source(), budget());
        assertEquals(60_000, directory.members().size());
        assertArrayEquals(
                new byte[] {(byte) 59_999},
                directory
                        .open(
                                directory.find("archive/data/59999").orElseThrow(),
                                Scratch.of(0, Limits.defaults()),
                                budget())
                        .read(0, 1)
                        .array());
    }
}
