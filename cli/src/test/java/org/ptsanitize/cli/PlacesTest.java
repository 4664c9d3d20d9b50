package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the output goes, and what must not happen to what is there already. */
class PlacesTest {
    private static final String SPECIMEN = "specimens/dtypes/common.pt";
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    @TempDir
    Path folder;

    private Workplace work;

    @BeforeEach
    void workplace() {
        work = new Workplace(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.pt", "out.pth", "out.ckpt", "out.bin", "OUT.PT"})
    void theseEndingsMakeAZip(String name) throws IOException {
        work.run(work.corpus(SPECIMEN), "~/" + name).succeeded();
        assertArrayEquals(ZIP, head(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.safetensors", "out.SafeTensors"})
    void thisEndingMakesSafetensors(String name) throws IOException {
        work.run(work.corpus(SPECIMEN), "~/" + name).succeeded();
        assertEquals(10, work.names(name).size());
    }

    @Test
    void toWinsOverTheEnding() throws IOException {
        String input = work.corpus(SPECIMEN);
        work.run(input, "~/out.pt", "--to", "safetensors").succeeded();
        work.run(input, "~/out.model", "--to=pt").succeeded();
        assertEquals(10, work.names("out.pt").size());
        assertArrayEquals(ZIP, head("out.model"));
    }

    @ParameterizedTest
    @CsvSource({"safetensors, common.safetensors", "pt, common.pt"})
    void aFolderGetsTheInputsNameWithTheRightEnding(String format, String expected) throws IOException {
        Files.createDirectory(folder.resolve("into"));
        work.run(work.corpus(SPECIMEN), "~/into", "--to", format).succeeded();
        assertEquals(List.of("common.pt", "into", "into/" + expected), work.files());
    }

    @Test
    void aFolderWithoutAFormatGetsSafetensors() throws IOException {
        Files.createDirectory(folder.resolve("into"));
        work.run(work.corpus(SPECIMEN), "~/into/").succeeded();
        assertEquals(10, work.names("into/common.safetensors").size());
    }

    @Test
    void theFolderOfTheInputItselfIsRefusedWhereTheNameWouldBeTheInputs() throws IOException {
        byte[] before = Files.readAllBytes(copy());
        work.run("~/common.pt", "~", "--to", "pt", "--force").failed(4, "~/common.pt: is the input itself");
        assertArrayEquals(before, Files.readAllBytes(folder.resolve("common.pt")));
    }

    @Test
    void anExistingOutputNeedsForce() throws IOException {
        String input = work.corpus(SPECIMEN);
        String output = work.text("out.safetensors", "precious");
        work.run(input, output).failed(4, "~/out.safetensors: exists already; replace it with --force");
        assertEquals("precious", Files.readString(folder.resolve("out.safetensors")));
        work.run(input, output, "--force").succeeded();
        assertEquals(10, work.names("out.safetensors").size());
        assertEquals(List.of("common.pt", "out.safetensors"), work.files());
    }

    @ParameterizedTest
    @CsvSource({
        "hostile/malformed_stack-underflow.pt, 2",
        "hostile/zip_truncated-half.pt, 2",
        "specimens/keys/no_tensors.pt, 3",
        "specimens/keys/colliding.pt, 2"
    })
    void aFailureKeepsTheExistingOutputEvenWithForce(String input, int code) throws IOException {
        String name = work.corpus(input);
        String output = work.text("out.safetensors", "precious");
        assertEquals(code, work.run(name, output, "--force").code());
        assertEquals("precious", Files.readString(folder.resolve("out.safetensors")));
        assertEquals(2, work.files().size());
    }

    @Test
    void theInputByItsOwnNameIsNoOutput() throws IOException {
        byte[] before = Files.readAllBytes(copy());
        work.run("~/common.pt", "~/common.pt", "--force").failed(4, "~/common.pt: is the input itself");
        work.run("~/common.pt", "~/../" + folder.getFileName() + "/common.pt", "--force")
                .failed(4, "~/../" + folder.getFileName() + "/common.pt: is the input itself");
        assertArrayEquals(before, Files.readAllBytes(folder.resolve("common.pt")));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theInputByAHardLinkIsNoOutput() throws IOException {
        byte[] before = Files.readAllBytes(copy());
        Files.createLink(folder.resolve("hard.pt"), folder.resolve("common.pt"));
        work.run("~/common.pt", "~/hard.pt", "--force").failed(4, "~/hard.pt: is the input itself");
        assertArrayEquals(before, Files.readAllBytes(folder.resolve("hard.pt")));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theInputByASymbolicLinkIsNoOutput() throws IOException {
        copy();
        Files.createSymbolicLink(folder.resolve("soft.pt"), Path.of("common.pt"));
        work.run("~/common.pt", "~/soft.pt", "--force").failed(4, "~/soft.pt: is the input itself");
        work.run("~/soft.pt", "~/common.pt", "--force").failed(4, "~/common.pt: is the input itself");
        assertTrue(Files.isSymbolicLink(folder.resolve("soft.pt")));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void anInputMayBeNamedByASymbolicLink() throws IOException {
        copy();
        Files.createSymbolicLink(folder.resolve("soft.pt"), Path.of("common.pt"));
        work.run("~/soft.pt", "~/out.safetensors").succeeded();
        assertEquals(10, work.names("out.safetensors").size());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aLinkAtTheOutputIsReplacedItselfNeverFollowed() throws IOException {
        String input = work.corpus(SPECIMEN);
        work.text("elsewhere.txt", "precious");
        Files.createSymbolicLink(folder.resolve("out.safetensors"), Path.of("elsewhere.txt"));
        work.run(input, "~/out.safetensors").failed(4, "~/out.safetensors: exists already; replace it with --force");
        work.run(input, "~/out.safetensors", "--force").succeeded();
        assertFalse(Files.isSymbolicLink(folder.resolve("out.safetensors")));
        assertEquals("precious", Files.readString(folder.resolve("elsewhere.txt")));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aLinkThatPointsNowhereIsThereAllTheSame() throws IOException {
        Files.createSymbolicLink(folder.resolve("out.safetensors"), Path.of("nowhere"));
        work.run(work.corpus(SPECIMEN), "~/out.safetensors")
                .failed(4, "~/out.safetensors: exists already; replace it with --force");
        assertFalse(Files.exists(folder.resolve("nowhere")));
    }

    @Test
    void aFolderThatDoesNotExistIsNotMade() throws IOException {
        work.run(work.corpus(SPECIMEN), "~/none/out.pt").failed(5, "~/none: no such folder");
        assertEquals(List.of("common.pt"), work.files());
    }

    @Test
    void aFileInPlaceOfTheFolderIsNoFolder() throws IOException {
        work.run(work.corpus(SPECIMEN), "~/common.pt/out.pt").failed(5, "~/common.pt: no such folder");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aDeviceIsNoOutput() throws IOException {
        work.run(work.corpus(SPECIMEN), "/dev/null", "--to", "pt", "--force")
                .failed(4, "/dev/null: is not a regular file");
        assertFalse(Files.isRegularFile(Path.of("/dev/null")));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aLinkToADeviceIsNoOutput() throws IOException {
        String input = work.corpus(SPECIMEN);
        Files.createSymbolicLink(folder.resolve("null.pt"), Path.of("/dev/null"));
        work.run(input, "~/null.pt", "--force").failed(4, "~/null.pt: is not a regular file");
    }

    @Test
    void anInputThatDoesNotExistIsNamed() throws IOException {
        work.run("~/none.pt", "~/out.pt").failed(5, "~/none.pt: no such file");
        assertEquals(List.of(), work.files());
    }

    @Test
    void anInputThatIsAFolderIsNoCheckpoint() throws IOException {
        Files.createDirectory(folder.resolve("some"));
        work.run("~/some", "~/out.pt").failed(2, "~/some: is a directory; name a checkpoint file");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void anInputThatIsADeviceIsNotRead() {
        work.run("/dev/zero", "~/out.pt").failed(2, "/dev/zero: is not a regular file; name a checkpoint file");
    }

    @Test
    void namesMayHoldSpacesAndAnyAlphabet() throws IOException {
        Files.move(copy(), folder.resolve("мой файл.pt"));
        work.run("~/мой файл.pt", "~/名前 out.safetensors").succeeded();
        assertEquals(10, work.names("名前 out.safetensors").size());
    }

    @Test
    void aDryRunWritesNothing() throws IOException {
        String input = work.corpus(SPECIMEN);
        work.text("there.safetensors", "precious");
        for (String output : List.of("~/out.safetensors", "~/out.pt", "~/there.safetensors")) {
            String first = work.run(input, output, "--dry-run")
                    .succeeded()
                    .out()
                    .lines()
                    .findFirst()
                    .orElseThrow();
            assertEquals("would write " + output, first);
        }
        assertEquals(List.of("common.pt", "there.safetensors"), work.files());
        assertEquals("precious", Files.readString(folder.resolve("there.safetensors")));
    }

    @Test
    void aDryRunRejectsWhatARunWouldReject() throws IOException {
        work.run(work.corpus("hostile/malformed_stack-underflow.pt"), "~/out.pt", "--dry-run")
                .failed(2, "~/malformed_stack-underflow.pt: REDUCE needs more values than the stack holds (byte 2)");
    }

    @Test
    void withoutVerificationTheOutputIsTheSame() throws IOException {
        String input = work.corpus(SPECIMEN);
        for (String ending : List.of("safetensors", "pt")) {
            work.run(input, "~/a." + ending).succeeded();
            String first = work.run(input, "~/b." + ending, "--no-verify")
                    .succeeded()
                    .out()
                    .lines()
                    .findFirst()
                    .orElseThrow();
            assertTrue(first.startsWith("wrote ~/b." + ending + "  "), first);
            assertFalse(first.contains("verified"), first);
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve("a." + ending)),
                    Files.readAllBytes(folder.resolve("b." + ending)));
        }
    }

    @Test
    void compressedMembersAreUnpackedWhereTheOptionSaysAndNothingStays() throws IOException {
        Files.createDirectory(folder.resolve("scratch"));
        work.run(work.corpus("specimens/zip/deflated.pt"), "~/out.safetensors", "--temp-dir", "~/scratch")
                .succeeded();
        assertEquals(List.of("deflated.pt", "out.safetensors", "scratch"), work.files());
    }

    @Test
    void aResultThatCannotBePrintedIsAnIoError() throws IOException {
        String input = work.corpus(SPECIMEN).replace("~", folder.toString());
        PrintStream full = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                },
                false,
                StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        assertEquals(5, Main.run(full, err, input, folder.resolve("out.pt").toString(), "--format", "json"));
    }

    private Path copy() throws IOException {
        work.corpus(SPECIMEN);
        return folder.resolve("common.pt");
    }

    private byte[] head(String name) throws IOException {
        return java.util.Arrays.copyOf(Files.readAllBytes(folder.resolve(name)), ZIP.length);
    }
}
