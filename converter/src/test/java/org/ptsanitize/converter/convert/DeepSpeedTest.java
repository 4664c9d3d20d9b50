package org.ptsanitize.converter.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.checkpoint.Container;
import org.ptsanitize.formats.checkpoint.Input;

/** What can be wrong with folders of DeepSpeed and Megatron-LM; that they come out right is shown on the whole corpus. */
class DeepSpeedTest {
    private static final Path SPECIMENS = Path.of("../corpus/specimens/folders");
    private static final String RANK_1 = "global_step5/zero_pp_rank_1_mp_rank_00_optim_states.pt";

    @TempDir
    Path folder;

    private Path copy(String specimen) throws IOException {
        Path target = folder.resolve(specimen);
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

    private Conversion convert(Path input) throws Exception {
        return new Converter(ConvertOptions.defaults())
                .convert(input, folder.resolve("out.safetensors"), OutputFormat.SAFETENSORS);
    }

    private String problem(Path input) {
        return assertThrows(FileFormatException.class, () -> convert(input)).getMessage();
    }

    @Test
    void theFolderOfAStepIsTheSameCheckpoint() throws Exception {
        Path input = copy("stage2.zero");
        Conversion whole = convert(input);
        byte[] first = Files.readAllBytes(folder.resolve("out.safetensors"));
        Files.delete(folder.resolve("out.safetensors"));
        convert(input.resolve("global_step5"));
        assertEquals(Container.DEEPSPEED, whole.container());
        assertEquals(6, whole.tensors().size());
        assertEquals(-1, Arrays.mismatch(first, Files.readAllBytes(folder.resolve("out.safetensors"))));
    }

    @Test
    void theOptimizersStateIsListed() throws Exception {
        Conversion conversion = convert(copy("stage3_one_rank.zero"));
        assertEquals(Map.of("tensor", 1L), conversion.log().counts(Event.Kind.NOT_SELECTED));
    }

    @Test
    void aMissingRankIsNamed() throws Exception {
        Path input = copy("stage2.zero");
        Files.delete(input.resolve(RANK_1));
        assertEquals(
                input + ": the optimizer states of rank 1 are missing (\"global_step5\"); complete the folder",
                problem(input));
    }

    @Test
    void aMissingLastRankIsNoticed() throws Exception {
        Path input = copy("stage3.zero");
        Files.delete(input.resolve("global_step5/zero_pp_rank_3_mp_rank_00_optim_states.pt"));
        assertEquals(
                input + ": says that 4 ranks saved the checkpoint, but there are files of 3"
                        + " (\"zero_pp_rank_0_mp_rank_00_optim_states.pt\")",
                problem(input));
    }

    @Test
    void ranksOfAnotherRunDoNotFit() throws Exception {
        Path input = copy("stage2.zero");
        Path other = copy("stage2_shared_and_frozen.zero");
        Files.delete(input.resolve(RANK_1));
        Files.copy(other.resolve(RANK_1), input.resolve(RANK_1));
        assertEquals(
                input + ": says that 2 ranks saved the checkpoint, but there are files of 3"
                        + " (\"zero_pp_rank_1_mp_rank_00_optim_states.pt\")",
                problem(input));
    }

    @Test
    void latestLeadsNowhereElse() throws Exception {
        Path input = copy("stage2.zero");
        Files.writeString(input.resolve("latest"), "../stage2.zero/global_step5");
        assertEquals(
                input
                        + ": 'latest' names \"../stage2.zero/global_step5\", which is no folder here; name the folder of a"
                        + " step",
                problem(input));
    }

    @Test
    void theKindOfAFolderIsKnownByItsNames() throws Exception {
        assertEquals(Optional.of(Container.DEEPSPEED), Input.kindOfFolder(copy("stage3.zero")));
        assertEquals(Optional.of(Container.MEGATRON), Input.kindOfFolder(copy("two_ranks.megatron")));
        assertEquals(Optional.of(Container.SHARDED), Input.kindOfFolder(copy("two.shards")));
        assertEquals(Optional.empty(), Input.kindOfFolder(folder));
    }
}
