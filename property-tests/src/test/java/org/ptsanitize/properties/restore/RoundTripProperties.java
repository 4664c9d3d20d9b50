package org.ptsanitize.properties.restore;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.StrictException;
import org.ptsanitize.properties.generate.CheckpointFile;
import org.ptsanitize.properties.generate.Checkpoints;

/** safetensors to pt to safetensors is the identity, whatever the checkpoint holds. */
class RoundTripProperties {
    @Property(tries = 150)
    void anyCheckpointComesBack(@ForAll("files") CheckpointFile file, @ForAll ConvertOptions.Tied tied)
            throws IOException, StrictException {
        Path folder = Files.createTempDirectory("round-trip");
        try {
            Path input = Files.write(folder.resolve("input.pt"), file.bytes());
            assertTrue(new RoundTrip(folder, tied).check(input), "is converted");
        } finally {
            try (Stream<Path> left = Files.walk(folder)) {
                for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Provide
    Arbitrary<CheckpointFile> files() {
        return Checkpoints.filesWithTensors(Checkpoints.any());
    }
}
