package org.ptsanitize.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.TensorView;
import org.ptsanitize.properties.generate.CheckpointFile;
import org.ptsanitize.properties.generate.Checkpoints;
import org.ptsanitize.properties.generate.ExpectedTensor;
import org.ptsanitize.properties.generate.Markers;
import org.ptsanitize.properties.generate.Sample;

/** Outputs are inputs too: what is converted again is what it was. */
class RoundTripProperties extends WithWorkbench {
    @Property(tries = 100)
    void aPtIsItsOwnConversion(@ForAll("files") CheckpointFile file) throws Exception {
        byte[] pt = bench.convert(file.bytes(), OutputFormat.PT);
        assertArrayEquals(pt, bench.convert(pt, OutputFormat.PT));
    }

    @Property(tries = 100)
    void theWayOverPtGivesTheSameTensors(@ForAll("files") CheckpointFile file) throws Exception {
        byte[] pt = bench.convert(file.bytes(), OutputFormat.PT);
        Map<String, ReadSafetensors.Tensor> direct = ReadSafetensors.of(
                        bench.convert(file.bytes(), OutputFormat.SAFETENSORS))
                .tensors();
        Map<String, ReadSafetensors.Tensor> detour =
                ReadSafetensors.of(bench.convert(pt, OutputFormat.SAFETENSORS)).tensors();
        assertEquals(direct, detour);
    }

    @Property(tries = 60)
    void twoRunsGiveTheSameBytes(@ForAll("files") CheckpointFile file) throws Exception {
        for (OutputFormat format : OutputFormat.values()) {
            assertArrayEquals(bench.convert(file.bytes(), format), bench.convert(file.bytes(), format));
        }
    }

    @Property(tries = 100)
    void viewsThatOverlapShareAStorageAndOthersDoNot(@ForAll("plainFiles") CheckpointFile file) throws Exception {
        byte[] pt = bench.convert(file.bytes(), OutputFormat.PT);
        try (ReadPt read = ReadPt.of(pt)) {
            Map<String, TensorView> found = new HashMap<>();
            read.tensors().forEach(tensor -> found.put(tensor.path(), tensor.view()));
            List<ExpectedTensor> tensors = file.checkpoint().tensors();
            for (ExpectedTensor one : tensors) {
                for (ExpectedTensor other : tensors) {
                    compareSharing(one, other, found.get(one.path()), found.get(other.path()));
                }
            }
        }
    }

    private static void compareSharing(ExpectedTensor one, ExpectedTensor other, TensorView a, TensorView b) {
        if (a.elements() == 0 || b.elements() == 0) {
            return;
        }
        String both = one + " and " + other;
        if (one.isTiedTo(other)) {
            assertSame(a.storage(), b.storage(), both);
            assertEquals(a.offset(), b.offset(), both);
        } else if (one.tensor().storage() != other.tensor().storage()) {
            assertNotEquals(a.storage(), b.storage(), both);
        } else if (keepsItsPlace(one) && keepsItsPlace(other) && overlap(one.tensor(), other.tensor())) {
            assertSame(a.storage(), b.storage(), both);
            assertEquals(
                    one.tensor().offset() - other.tensor().offset(), a.offset() - b.offset(), both + ": the distance");
            assertArrayEquals(one.tensor().strides(), a.strides(), both);
        }
    }

    /** What has to be computed or repacked is written apart. */
    private static boolean keepsItsPlace(ExpectedTensor tensor) {
        return !tensor.tensor().conjugate() && !tensor.tensor().negative();
    }

    private static boolean overlap(Sample.Tensor one, Sample.Tensor other) {
        Set<Long> elements = new HashSet<>();
        collect(one, 0, one.offset(), elements);
        Set<Long> others = new HashSet<>();
        collect(other, 0, other.offset(), others);
        elements.retainAll(others);
        return !elements.isEmpty();
    }

    private static void collect(Sample.Tensor tensor, int dimension, long at, Set<Long> elements) {
        if (dimension == tensor.sizes().length) {
            elements.add(at);
            return;
        }
        for (long i = 0; i < tensor.sizes()[dimension]; i++) {
            collect(tensor, dimension + 1, at + i * tensor.strides()[dimension], elements);
        }
    }

    @Property(tries = 100)
    void bytesThatNoTensorReachesGetIntoNoOutput(@ForAll("markedFiles") CheckpointFile file) throws Exception {
        byte[] pt = bench.convert(file.bytes(), OutputFormat.PT);
        assertHasNoMarkers(pt);
        ReadSafetensors.of(bench.convert(file.bytes(), OutputFormat.SAFETENSORS))
                .tensors()
                .forEach((name, tensor) ->
                        assertTrue(!hasMarker(HexFormat.of().parseHex(tensor.hex())), () -> name + " has a marker"));
    }

    private static void assertHasNoMarkers(byte[] pt) throws IOException {
        int storages = 0;
        try (ZipFile zip = new ZipFile(bench.put("output.zip", pt).toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                byte[] bytes = zip.getInputStream(entry).readAllBytes();
                if (entry.getName().startsWith("archive/data/")) {
                    String name = entry.getName();
                    assertTrue(!hasMarker(bytes), () -> name + " has a marker");
                    storages++;
                }
            }
        }
        assertTrue(storages > 0);
        for (int i = 0; i + 4 <= pt.length; i++) {
            int at = i;
            boolean marked = pt[i] == Markers.MARKER
                    && pt[i + 1] == Markers.MARKER
                    && pt[i + 2] == Markers.MARKER
                    && pt[i + 3] == Markers.MARKER;
            assertTrue(!marked, () -> "markers at " + at);
        }
    }

    private static boolean hasMarker(byte[] bytes) {
        for (byte value : bytes) {
            if (value == Markers.MARKER) {
                return true;
            }
        }
        return false;
    }

    @Provide
    Arbitrary<CheckpointFile> files() {
        return Checkpoints.filesWithTensors(Checkpoints.any());
    }

    @Provide
    Arbitrary<CheckpointFile> plainFiles() {
        return Checkpoints.filesWithTensors(Checkpoints.plain());
    }

    /** Few types, so that many tensors share storages. */
    @Provide
    Arbitrary<CheckpointFile> markedFiles() {
        List<DType> dtypes = List.of(DType.FLOAT32, DType.UINT8, DType.COMPLEX64, DType.BFLOAT16);
        return Checkpoints.filesWithTensors(Checkpoints.of(dtypes, true).map(Markers::mark));
    }
}
