package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tensors are written, under which names, with which metadata. */
class SelectionTest {
    private static final List<String> MODEL = List.of(
            "0.bias",
            "0.weight",
            "1.bias",
            "1.num_batches_tracked",
            "1.running_mean",
            "1.running_var",
            "1.weight",
            "2.bias",
            "2.weight");

    @TempDir
    Path folder;

    private Workplace work;

    @BeforeEach
    void workplace() {
        work = new Workplace(folder);
    }

    private List<String> names(String specimen, String... options) throws IOException {
        return work.names(convert(specimen, "out.safetensors", options));
    }

    private String convert(String specimen, String output, String... options) throws IOException {
        String[] arguments = new String[options.length + 2];
        arguments[0] = work.corpus("specimens/" + specimen);
        arguments[1] = "~/" + output;
        System.arraycopy(options, 0, arguments, 2, options.length);
        work.run(arguments).succeeded();
        return output;
    }

    private Map<String, String> metadata() throws IOException {
        return work.header("out.safetensors").metadata();
    }

    private static List<String> below(String prefix) {
        return MODEL.stream().map(name -> prefix + name).toList();
    }

    @Test
    void aLoneWrapperIsDroppedFromTheNames() throws IOException {
        assertEquals(MODEL, names("training/wrapped.pth"));
    }

    @Test
    void theRootSelectedIsNotUnwrapped() throws IOException {
        assertEquals(below("state_dict."), names("training/wrapped.pth", "--select", "."));
    }

    @Test
    void selectTakesASubtreeWithoutItsPrefix() throws IOException {
        assertEquals(MODEL, names("training/ema_and_model.ckpt", "--select", "ema"));
    }

    @Test
    void selectFindsWhatAFlatStateDictHoldsBelowAName() throws IOException {
        assertEquals(List.of("bias", "weight"), names("training/ema_and_model.ckpt", "--select", "model.0"));
    }

    @Test
    void selectFindsOneTensorUnderAKeyWithDots() throws IOException {
        assertEquals(List.of("tensor"), names("training/ema_and_model.ckpt", "--select", "model.0.weight"));
    }

    @Test
    void selectGoesThroughLists() throws IOException {
        work.run(work.corpus("specimens/training/adam.pt"), "~/none.pt", "--select", "optimizer.param_groups.0")
                .failed(3, "~/adam.pt: no tensor is left: the options select none");
        work.run("~/adam.pt", "~/state.safetensors", "--select", "optimizer.state.0")
                .succeeded();
        assertEquals(List.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq", "step"), work.names("state.safetensors"));
    }

    @Test
    void aPathThatIsNotThereIsToldTheTopLevelEscaped() throws IOException {
        work.run(work.corpus("specimens/training/adam.pt"), "~/out.pt", "--select", "nope")
                .failed(
                        4,
                        "--select 'nope': no such path in the checkpoint; at the top are model_state_dict, optimizer");
        work.run(work.corpus("hostile/hostile_names-escape.pt"), "~/out.pt", "--select", "no\u001bpe")
                .failed(
                        4,
                        "--select 'no\\u001bpe': no such path in the checkpoint; at the top are"
                                + " \\u001b[2J\\u001b]0;owned\\u0007w");
        work.run(work.corpus("specimens/keys/root_list.pt"), "~/out.pt", "--select", "9")
                .failed(4, "--select '9': no such path in the checkpoint; at the top are 0 to 2");
        assertFalse(Files.exists(work.path("out.pt")));
    }

    @Test
    void weightsLeavesTrainingStateOut() throws IOException {
        assertEquals(MODEL, names("training/adam.pt", "--weights"));
        assertTrue(metadata().get("ptsanitize").contains("\"from\":\"model_state_dict\""), metadata()::toString);
    }

    @Test
    void withoutWeightsEverythingHasItsWholePath() throws IOException {
        List<String> names = names("training/adam.pt");
        assertEquals(33, names.size());
        assertTrue(names.containsAll(below("model_state_dict.")), names::toString);
    }

    @Test
    void weightsSaysWhatIsLeftOut() throws IOException {
        String out = work.run(work.corpus("specimens/training/adam.pt"), "~/out.safetensors", "--weights", "--dry-run")
                .succeeded()
                .out();
        assertTrue(out.contains("\n  left out  24 tensors: float32 ×24\n"), out);
    }

    @Test
    void shareWritesWeightsAndNoMetadata() throws IOException {
        assertEquals(MODEL, names("training/ema_and_model.ckpt", "--share"));
        assertEquals(Map.of("format", "pt"), metadata());
    }

    @Test
    void shareWinsOverMetadataAll() throws IOException {
        names("training/wrapped.pth", "--share", "--metadata", "all");
        assertEquals(Map.of("format", "pt"), metadata());
    }

    @Test
    void metadataNoneKeepsOnlyTheFormat() throws IOException {
        names("training/wrapped.pth", "--metadata", "none");
        assertEquals(Map.of("format", "pt"), metadata());
    }

    @Test
    void metadataHoldsWhatIsNoTensor() throws IOException {
        names("training/wrapped.pth");
        assertEquals("pt", metadata().get("format"));
        assertEquals(
                "{\"dropped\":{},\"prefix\":\"state_dict\",\"representations\":{},\"root\":{\"$dict\":[[\"epoch\",9],"
                        + "[\"state_dict\",{\"$state_dict\":[\"0.weight\",\"0.bias\",\"1.weight\",\"1.bias\","
                        + "\"1.running_mean\",\"1.running_var\",\"1.num_batches_tracked\",\"2.weight\",\"2.bias\"],"
                        + "\"kind\":\"ordered_dict\",\"prefix\":\"\",\"metadata\":{\"$ordered_dict\":[[\"\","
                        + "{\"version\":1}],[\"0\",{\"version\":1}],[\"1\",{\"version\":2}],[\"2\",{\"version\":1}]]}}],"
                        + "[\"arch\",\"tiny\"],[\"config\",{\"width\":3}]]},\"schema\":1,\"ties\":[]}",
                metadata().get("ptsanitize"));
    }

    @Test
    void tiesAreWrittenUnderEveryName() throws IOException {
        assertEquals(
                List.of("embed.weight", "head.alias", "head.weight", "same_values_other_storage"),
                names("views/ties.pt", "--tied", "duplicate"));
        assertFalse(metadata().containsKey("head.alias"));
    }

    @Test
    void dedupeWritesOneNameAndRecordsTheOthers() throws IOException {
        assertEquals(List.of("embed.weight", "same_values_other_storage"), names("views/ties.pt", "--tied", "dedupe"));
        assertEquals("embed.weight", metadata().get("head.alias"));
        assertEquals("embed.weight", metadata().get("head.weight"));
    }

    @Test
    void dedupeRecordsThemWhateverTheMetadata() throws IOException {
        names("views/ties.pt", "--tied", "dedupe", "--metadata", "none");
        assertEquals(Map.of("format", "pt", "head.alias", "embed.weight", "head.weight", "embed.weight"), metadata());
    }

    @Test
    void includeAndExcludeAreGlobsAndExcludeWins() throws IOException {
        assertEquals(
                List.of(
                        "layers.10.bias",
                        "layers.11.bias",
                        "layers.12.bias",
                        "layers.13.bias",
                        "layers.14.bias",
                        "layers.16.bias",
                        "layers.17.bias",
                        "layers.18.bias",
                        "layers.19.bias",
                        "layers.7.bias"),
                names("keys/many.pt", "--include", "layers.1?.bias", "--include=layers.7.bias", "--exclude", "*5*"));
    }

    @Test
    void aGlobIsNoRegularExpression() throws IOException {
        assertEquals(
                List.of("layers.1.bias"),
                names(
                        "keys/many.pt",
                        "--include",
                        "layers.1.bias",
                        "--include",
                        "layers[.]2.bias",
                        "--exclude",
                        "\\E.*"));
    }

    @Test
    void selectingNothingIsNothingToDo() throws IOException {
        work.run(work.corpus("specimens/keys/many.pt"), "~/out.pt", "--include", "nix")
                .failed(3, "~/many.pt: no tensor is left: the options select none");
    }

    @Test
    void prefixesAreStrippedAndNamesRenamedInOrder() throws IOException {
        assertEquals(
                List.of(
                        "layer.0.bias",
                        "layer.0.weight",
                        "layer.1.bias",
                        "layer.1.num_batches_tracked",
                        "layer.1.running_mean",
                        "layer.1.running_var",
                        "layer.1.weight"),
                names(
                        "modules/data_parallel.pth",
                        "--strip-prefix",
                        "module.",
                        "--rename",
                        "^([0-9])=x.$1",
                        "--rename",
                        "^x=layer"));
    }

    @Test
    void namesThatSafetensorsCannotHoldAreListedWithTheWayOut() throws IOException {
        work.run(work.corpus("specimens/keys/metadata_name.pt"), "~/out.safetensors")
                .failed(
                        2,
                        "~/metadata_name.pt: safetensors cannot hold the name '__metadata__'; rename with"
                                + " --rename REGEX=REPLACEMENT, or write a .pt");
        work.run(work.corpus("specimens/keys/lone_surrogate.pt"), "~/out.safetensors")
                .failed(
                        2,
                        "~/lone_surrogate.pt: safetensors cannot hold the name 'bad\\ud800'; rename with"
                                + " --rename REGEX=REPLACEMENT, or write a .pt");
        work.run("~/metadata_name.pt", "~/out.safetensors", "--rename", "__metadata__=meta")
                .succeeded();
        assertTrue(work.names("out.safetensors").contains("meta"));
    }

    @Test
    void twoTensorsOfOneNameAreAnErrorThatNamesThem() throws IOException {
        work.run(work.corpus("specimens/keys/colliding.pt"), "~/out.safetensors")
                .failed(
                        2,
                        "~/colliding.pt: two tensors would have the name 'a.b', '1'; keep both with"
                                + " --on-collision=suffix, or choose with --select, --rename or --exclude");
    }

    @Test
    void twoPathsRenamedToOneNameAreBothTold() throws IOException {
        work.run(work.corpus("specimens/views/ties.pt"), "~/out.safetensors", "--rename", "^head[.].*=h")
                .failed(
                        2,
                        "~/ties.pt: two tensors would have the name 'h' (from head.weight and head.alias); keep both"
                                + " with --on-collision=suffix, or choose with --select, --rename or --exclude");
    }

    @Test
    void suffixKeepsBoth() throws IOException {
        assertEquals(
                List.of("1", "1~2", "a.b", "a.b~2", "free"), names("keys/colliding.pt", "--on-collision", "suffix"));
    }

    @Test
    void keepAttributesAlsoWritesTensorsOutsideAStateDict() throws IOException {
        assertEquals(3, names("modules/block.pt").size());
        work.run("~/block.pt", "~/all.safetensors", "--keep-attributes").succeeded();
        assertEquals(5, work.names("all.safetensors").size());
    }

    @Test
    void keepParametersMarksThemInAZip() throws IOException {
        convert("views/parameters.pt", "plain.pt");
        work.run("~/parameters.pt", "~/marked.pt", "--keep-parameters").succeeded();
        assertFalse(bytes("plain.pt").contains("_rebuild_parameter"));
        assertTrue(bytes("marked.pt").contains("_rebuild_parameter"));
    }

    private String bytes(String name) throws IOException {
        return new String(Files.readAllBytes(work.path(name)), StandardCharsets.ISO_8859_1);
    }

    @Test
    void anOutputManyTimesTheInputIsRefusedUnlessAllowed() throws IOException {
        String input = work.corpus("specimens/views/expanded.pt");
        work.run(input, "~/out.safetensors", "--max-expansion", "0").succeeded();
        String bomb = work.corpus("hostile/expand_bomb-moderate.pt");
        String line = "~/expand_bomb-moderate.pt: needs more than the limit of %s times the stored bytes in the output"
                + " (tensors that share or repeat storage); raise --max-expansion if you trust this file";
        work.run(bomb, "~/bomb.safetensors").failed(2, line.formatted("4"));
        work.run(bomb, "~/bomb.safetensors", "--max-expansion", "1MB").failed(2, line.formatted("1,000,000"));
        work.run(bomb, "~/bomb.safetensors", "--max-expansion", "1TB", "--dry-run")
                .succeeded();
    }
}
