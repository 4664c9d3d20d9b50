package org.ptsanitize.properties.restore;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.StrictException;
import org.ptsanitize.oracle.RepositoryRoot;

/** Every specimen that PyTorch made comes back from safetensors as it went in. */
class RoundTripTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "dtypes",
                "keys",
                "legacy",
                "modules",
                "numpy",
                "protocols",
                "records",
                "special",
                "training",
                "values",
                "views",
                "zip"
            })
    void everySpecimenOfAFamilyComesBack(String family, @TempDir Path folder) throws IOException, StrictException {
        int checked = 0;
        for (Path specimen : specimens(family)) {
            for (ConvertOptions.Tied tied : ConvertOptions.Tied.values()) {
                Path own = Files.createDirectory(folder.resolve(specimen.getFileName() + "-" + tied));
                try {
                    checked += new RoundTrip(own, tied).check(specimen) ? 1 : 0;
                } catch (IOException | AssertionError e) {
                    throw new AssertionError(specimen + " with --tied " + tied + ": " + e.getMessage(), e);
                }
            }
        }
        assertTrue(checked >= 6, family + ": only " + checked);
    }

    private static List<Path> specimens(String family) throws IOException {
        Path folder = RepositoryRoot.find().resolve("corpus/specimens").resolve(family);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
