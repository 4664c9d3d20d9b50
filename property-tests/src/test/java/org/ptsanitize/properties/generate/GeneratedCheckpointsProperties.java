package org.ptsanitize.properties.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What every generated file has, whatever its seed. */
class GeneratedCheckpointsProperties {
    @Property(tries = 300)
    void noTwoTensorsHaveTheSamePathAndEachHasItsBytes(@ForAll("files") CheckpointFile file) {
        List<ExpectedTensor> tensors = file.checkpoint().tensors();
        Set<String> paths =
                Set.copyOf(tensors.stream().map(ExpectedTensor::path).toList());
        assertEquals(tensors.size(), paths.size());
        for (ExpectedTensor tensor : tensors) {
            long elements = 1;
            for (long size : tensor.shape()) {
                elements *= size;
            }
            assertEquals(elements * tensor.dtype().size(), tensor.bytes().length);
        }
        assertTrue(file.bytes().length > 20);
    }

    @Provide
    Arbitrary<CheckpointFile> files() {
        return Checkpoints.files(Checkpoints.any());
    }
}
