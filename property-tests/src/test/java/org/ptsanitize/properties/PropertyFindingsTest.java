package org.ptsanitize.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.pickle.PickleValue;

/** What properties have found, each as the smallest file that showed it. */
class PropertyFindingsTest {
    private static final String TENSOR = "ctorch\nFloatTensor\n((lF1.5\natR";
    private static final String SPARSE = "ctorch._utils\n_rebuild_sparse_tensor\n(ctorch.serialization\n_get_layout\n"
            + "(Vtorch.sparse_coo\ntR(ctorch\nLongTensor\n((l(lI0\naatR" + TENSOR + "ctorch\nSize\n((I3\nttRttR";

    private Workbench bench;

    @BeforeEach
    void open() throws Exception {
        bench = Workbench.open();
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void aTensorUnderTheEmptyKeyHasTheEmptyName() throws Exception {
        assertEquals(Set.of(""), names("(dV\n" + TENSOR + "s."));
    }

    @Test
    void theEmptyKeyIsNotTheKeyTensor() throws Exception {
        assertEquals(Set.of("", "tensor"), names("(dV\n" + TENSOR + "sVtensor\n" + TENSOR + "s."));
    }

    @Test
    void aTensorThatIsTheRootIsCalledTensor() throws Exception {
        assertEquals(Set.of("tensor"), names(TENSOR + "."));
    }

    @Test
    void excludingANameKeepsWhatIsBelowAnEmptyKey() throws Exception {
        ConvertOptions options =
                ConvertOptions.builder().select(".").exclude(List.of("y")).build();
        String pickle = "(dV\n(dVx\n" + TENSOR + "ssVy\n" + TENSOR + "s.";

        byte[] pt = bench.convert(bytes(pickle), OutputFormat.PT, options);

        assertEquals(Set.of(".x"), paths(pt));
    }

    @Test
    void metadataNamesTheTensorsBelowAnEmptyKey() throws Exception {
        byte[] output = bench.convert(bytes("(dV\n(dVx\n" + TENSOR + "ss."), OutputFormat.SAFETENSORS);

        String metadata = ReadSafetensors.of(output).metadata().get("ptsanitize");

        assertTrue(metadata.contains("{\"$tensor\":\".x\"}"), metadata);
    }

    @Test
    void bytesAreKeysInProtocol2Too() throws Exception {
        String pickle = "(dc_codecs\nencode\n(Vk\nVlatin1\ntRI7\nsVt\n" + TENSOR + "s.";

        byte[] pt = bench.convert(bytes(pickle), OutputFormat.PT);

        try (ReadPt read = ReadPt.of(pt)) {
            MapNode.Entry first = ((MapNode) read.root()).entries().get(0);
            PickleValue.Bytes key = (PickleValue.Bytes) first.key().value();
            assertEquals(
                    "k", StandardCharsets.ISO_8859_1.decode(key.range().read()).toString());
            assertEquals(Leaf.of(7), first.value());
        }
    }

    @Test
    void anObjectInASharedMappingStaysInAPt() throws Exception {
        String object = "cmy.mod\nC\n)\u0081(dVt\n" + TENSOR + "sb";
        String pickle = "(dVa\n(dp0\nVx\n" + object + "ssVb\ng0\ns.";

        byte[] pt = bench.convert(bytes(pickle), OutputFormat.PT);

        assertEquals(Set.of("a.x.t", "b.x.t"), paths(pt));
    }

    /** The tensor has its name by the plain path, {@code c.o.t}; the object it is on is written where it is met first. */
    @ParameterizedTest
    @ValueSource(strings = {TENSOR, SPARSE})
    void metadataMentionsATensorWhoseObjectIsWrittenAtAnotherPath(String tensor) throws Exception {
        String inner = "cmy.mod\nD\n)\u0081(dVt\n" + tensor + "sb";
        String outer = "cmy.mod\nC\n)\u0081(dVd\n(dp0\nVo\n" + inner + "ssb";
        String pickle = "(dVa\n" + outer + "sVc\ng0\ns.";

        byte[] output = bench.convert(bytes(pickle), OutputFormat.SAFETENSORS);

        ReadSafetensors.of(output).tensors().keySet().forEach(name -> assertTrue(name.startsWith("c.o.t"), name));
        assertArrayEquals(output, bench.convert(output, OutputFormat.SAFETENSORS, ConvertOptions.defaults()));
        byte[] back = bench.convert(bench.convert(output, OutputFormat.PT), OutputFormat.SAFETENSORS);
        assertEquals(
                ReadSafetensors.of(output).tensors().keySet(),
                ReadSafetensors.of(back).tensors().keySet());
    }

    @Test
    void aMessageIsOneLineWhateverTheKeys() {
        String pickle = "(dVnew\\u000aline\nctorch._utils\n_rebuild_tensor_v2\n(tRs.";

        FileFormatException refused =
                assertThrows(FileFormatException.class, () -> bench.convert(bytes(pickle), OutputFormat.SAFETENSORS));

        assertTrue(refused.getMessage().contains("new\\nline"), refused::getMessage);
    }

    private Set<String> names(String pickle) throws Exception {
        return ReadSafetensors.of(bench.convert(bytes(pickle), OutputFormat.SAFETENSORS))
                .tensors()
                .keySet();
    }

    private static Set<String> paths(byte[] pt) throws Exception {
        try (ReadPt read = ReadPt.of(pt)) {
            return read.tensors().stream().map(ReadPt.Found::path).collect(Collectors.toSet());
        }
    }

    private static byte[] bytes(String pickle) {
        return pickle.getBytes(StandardCharsets.ISO_8859_1);
    }
}
