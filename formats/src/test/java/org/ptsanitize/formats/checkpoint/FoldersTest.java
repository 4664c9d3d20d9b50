package org.ptsanitize.formats.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.Scratch;

/** The contract of containers, kept by every folder that is one checkpoint: each of its files may be missing or damaged. */
class FoldersTest {
    /** Not by the class path, which leaves out files such as {@code .metadata}. */
    private static final Path SPECIMENS = Path.of("../corpus/specimens/folders");

    private static final int CUTS = 12;
    private static final int CHANGES = 40;

    @TempDir
    Path temporary;

    private Path copy(String specimen) throws IOException {
        Path target = temporary.resolve(specimen);
        copyTree(SPECIMENS.resolve(specimen), target);
        return target;
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Opens a folder and says what is in it. */
    private static List<String> open(Path folder) throws IOException {
        Limits limits = Limits.defaults();
        List<String> facts = new ArrayList<>();
        try (Input input = Input.open(folder);
                Scratch scratch = Scratch.of(input.sizeOfAll(), limits);
                Checkpoint checkpoint = input.checkpoint(scratch, new Budget(limits))) {
            facts.add(checkpoint.container().name());
            facts.add(checkpoint.writer());
            checkpoint.members().forEach(member -> facts.add("member " + member.name()));
            checkpoint.parts().forEach(part -> facts.add(part.name() + " " + part.auxiliary()));
            facts.addAll(checkpoint.notes());
            input.opened().forEach(path -> facts.add(folder.relativize(path).toString()));
        }
        return facts;
    }

    @ParameterizedTest
    @CsvSource({
        "stage1.zero, DEEPSPEED",
        "stage2.zero, DEEPSPEED",
        "stage3.zero, DEEPSPEED",
        "split_by_tensors.zero, DEEPSPEED",
        "two_ranks.megatron, MEGATRON",
        "two.shards, SHARDED",
        "pieces.dcp, DISTRIBUTED"
    })
    void aFolderKeepsTheContract(String specimen, Container container) throws Exception {
        Path folder = copy(specimen);
        List<String> facts = open(folder);
        assertEquals(container.name(), facts.get(0));
        assertEquals(Optional.of(container), Input.kindOfFolder(folder));
        assertEquals(facts, open(folder));
        Random random = new Random(11);
        for (Path file : files(folder)) {
            byte[] whole = Files.readAllBytes(file);
            Files.delete(file);
            assertFileErrorAtMost(folder, "without " + file);
            for (int i = 0; i < CUTS; i++) {
                int length = (int) ((long) whole.length * i / CUTS);
                Files.write(file, Arrays.copyOf(whole, length));
                assertFileErrorAtMost(folder, file + " cut to " + length + " bytes");
            }
            for (int i = 0; i < CHANGES; i++) {
                byte[] changed = whole.clone();
                int at = random.nextInt(changed.length);
                changed[at] = (byte) random.nextInt(256);
                Files.write(file, changed);
                assertFileErrorAtMost(folder, file + " with byte " + at + " set to " + changed[at]);
            }
            Files.write(file, whole);
        }
        assertEquals(facts, open(folder));
    }

    private static void assertFileErrorAtMost(Path folder, String what) {
        try {
            open(folder);
        } catch (FileFormatException e) {
            assertFalse(e.getMessage().isBlank());
        } catch (IOException | RuntimeException | StackOverflowError e) {
            fail(what + ": " + e, e);
        }
    }

    @Test
    void aFolderIsRememberedAsItWasWhenItWasListed() throws Exception {
        Path folder = copy("pieces.dcp");
        Limits limits = Limits.defaults();
        try (Input input = Input.open(folder);
                Scratch scratch = Scratch.of(input.sizeOfAll(), limits)) {
            Files.writeString(folder.resolve("appeared.distcp"), "later");
            try (Checkpoint checkpoint = input.checkpoint(scratch, new Budget(limits))) {
                assertEquals(List.of(), checkpoint.notes());
            }
        }
    }
}
