package org.ptsanitize.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.properties.generate.Checkpoint;
import org.ptsanitize.properties.generate.CheckpointFile;
import org.ptsanitize.properties.generate.Checkpoints;
import org.ptsanitize.properties.generate.ExpectedTensor;
import org.ptsanitize.properties.generate.Sample;

/** Whatever the checkpoint, its container and its spelling: the outputs hold its tensors and values, and nothing else. */
class ConversionProperties extends WithWorkbench {
    @Property(tries = 200)
    void plainDataGivesEveryTensorUnderItsPath(@ForAll("plainFiles") CheckpointFile file) throws Exception {
        Checkpoint checkpoint = file.checkpoint();
        if (isEmpty(file)) {
            return;
        }
        Map<String, ReadSafetensors.Tensor> expected = new TreeMap<>();
        for (ExpectedTensor tensor : checkpoint.tensors()) {
            expected.put(SafetensorsForm.name(tensor, isTensor(checkpoint.root())), SafetensorsForm.of(tensor));
        }
        ReadSafetensors found = ReadSafetensors.of(bench.convert(file.bytes(), OutputFormat.SAFETENSORS));
        assertEquals(expected, found.tensors());
        assertEquals(Set.of("format", "ptsanitize"), found.metadata().keySet());
        assertEquals("pt", found.metadata().get("format"));
    }

    @Property(tries = 200)
    void aTensorOnAnObjectIsThereOnceUnderOneOfItsPaths(@ForAll("files") CheckpointFile file) throws Exception {
        Checkpoint checkpoint = file.checkpoint();
        if (isEmpty(file)) {
            return;
        }
        ReadSafetensors found = ReadSafetensors.of(bench.convert(file.bytes(), OutputFormat.SAFETENSORS));
        Map<String, ReadSafetensors.Tensor> rest = new TreeMap<>(found.tensors());
        List<ExpectedTensor> named = new ArrayList<>();
        for (ExpectedTensor tensor : checkpoint.tensors()) {
            if (!tensor.isInsideInstance()) {
                String name = SafetensorsForm.name(tensor, isTensor(checkpoint.root()));
                assertEquals(SafetensorsForm.of(tensor), rest.remove(name), name);
                named.add(tensor);
            }
        }
        for (ExpectedTensor tensor : checkpoint.tensors()) {
            if (named.stream().noneMatch(tensor::isTiedTo)) {
                Set<String> paths = paths(checkpoint, tensor);
                boolean isThere = rest.entrySet()
                        .removeIf(entry -> paths.contains(entry.getKey())
                                && entry.getValue().equals(SafetensorsForm.of(tensor)));
                assertTrue(isThere, () -> tensor + " is on an object and not in the output");
                named.add(tensor);
            }
        }
        assertEquals(Map.of(), rest, "what is in the output and not in the checkpoint");
    }

    /** All paths to one view. */
    private static Set<String> paths(Checkpoint checkpoint, ExpectedTensor tensor) {
        Set<String> paths = new TreeSet<>();
        checkpoint.tensors().stream().filter(tensor::isTiedTo).forEach(other -> paths.add(other.path()));
        return paths;
    }

    @Property(tries = 200)
    void aPtKeepsTheStructure(@ForAll("files") CheckpointFile file) throws Exception {
        if (isEmpty(file)) {
            return;
        }
        byte[] output = bench.convert(file.bytes(), OutputFormat.PT);
        try (ReadPt read = ReadPt.of(output)) {
            new StructureComparison(file.checkpoint()).compare(read.root());
        }
    }

    @Property(tries = 75)
    void aCollisionIsRefusedByName(@ForAll("collidingFiles") CheckpointFile file) {
        Set<String> names = new TreeSet<>();
        Set<String> twice = new TreeSet<>();
        for (ExpectedTensor tensor : file.checkpoint().tensors()) {
            if (!names.add(tensor.path())) {
                twice.add(tensor.path());
            }
        }
        UnsupportedFileException refused = assertThrows(
                UnsupportedFileException.class, () -> bench.convert(file.bytes(), OutputFormat.SAFETENSORS));
        assertTrue(refused.getMessage().contains("two tensors would have the name '"), refused::getMessage);
        for (String name : twice) {
            boolean told = refused.getMessage().contains("'" + name + "'") || isEscaped(name) || twice.size() > 10;
            assertTrue(told, () -> name + " is not in: " + refused.getMessage());
        }
    }

    private static boolean isEscaped(String name) {
        return name.length() > 50
                || name.chars().anyMatch(c -> c < ' ' || c > '~' || c == '\'' || c == '"' || c == '\\');
    }

    @Property(tries = 75)
    void aCollisionWithSuffixesKeepsAll(@ForAll("collidingFiles") CheckpointFile file) throws Exception {
        ConvertOptions options = ConvertOptions.builder()
                .select(".")
                .onCollision(ConvertOptions.OnCollision.SUFFIX)
                .build();
        ReadSafetensors found = ReadSafetensors.of(bench.convert(file.bytes(), OutputFormat.SAFETENSORS, options));
        Map<String, ReadSafetensors.Tensor> rest = new TreeMap<>(found.tensors());
        List<ExpectedTensor> later = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (ExpectedTensor tensor : file.checkpoint().tensors()) {
            if (names.add(tensor.path())) {
                assertEquals(SafetensorsForm.of(tensor), rest.remove(tensor.path()), tensor.path());
            } else {
                later.add(tensor);
            }
        }
        for (ExpectedTensor tensor : later) {
            boolean kept = rest.entrySet()
                    .removeIf(entry -> entry.getKey().startsWith(tensor.path() + "~")
                            && entry.getValue().equals(SafetensorsForm.of(tensor)));
            assertTrue(kept || isRepeated(tensor, later), () -> tensor + " is not in the output");
        }
        assertEquals(Map.of(), rest, "what is in the output and not in the checkpoint");
    }

    /** Whether an equal one of the same path went before, so that all of them are accounted for. */
    private static boolean isRepeated(ExpectedTensor tensor, List<ExpectedTensor> among) {
        return among.stream()
                        .filter(other -> other.path().equals(tensor.path())
                                && SafetensorsForm.of(other).equals(SafetensorsForm.of(tensor)))
                        .count()
                > 1;
    }

    /** Whether there is no tensor, which has to be an error that says so. */
    private static boolean isEmpty(CheckpointFile file) {
        if (!file.checkpoint().tensors().isEmpty()) {
            return false;
        }
        for (OutputFormat format : OutputFormat.values()) {
            assertThrows(NothingToConvertException.class, () -> bench.convert(file.bytes(), format));
        }
        return true;
    }

    private static boolean isTensor(Sample sample) {
        return sample instanceof Sample.Tensor || sample instanceof Sample.Parameter;
    }

    @Provide
    Arbitrary<CheckpointFile> files() {
        return Checkpoints.files(Checkpoints.any());
    }

    @Provide
    Arbitrary<CheckpointFile> plainFiles() {
        return Checkpoints.files(Checkpoints.plain());
    }

    @Provide
    Arbitrary<CheckpointFile> collidingFiles() {
        return Checkpoints.files(Checkpoints.colliding());
    }
}
