package org.ptsanitize.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.oracle.NeedsPyTorch;
import org.ptsanitize.oracle.PythonOracle;
import org.ptsanitize.properties.generate.Checkpoint;
import org.ptsanitize.properties.generate.CheckpointFile;
import org.ptsanitize.properties.generate.Checkpoints;

/**
 * Where real PyTorch reads a damaged or forged archive, it never sees other tensors than we do. The system property
 * {@code ptsanitize.mutants} says how many archives are tried. Each has a seed of its own, which a failure names, and
 * {@code ptsanitize.seed} tries the one of that seed.
 */
@NeedsPyTorch
class MutantsAgreementTest {
    /**
     * Types that PyTorch copies bit by bit: it changes NaNs of half-width floats when it resolves a negative bit, and bools
     * that are neither 0 nor 1.
     */
    private static final List<DType> EXACT =
            List.of(DType.FLOAT64, DType.FLOAT32, DType.INT64, DType.INT32, DType.UINT8, DType.UINT16);

    private static final int MUTANTS = Integer.getInteger("ptsanitize.mutants", 1_000);
    private static final Map<String, Integer> OUTCOMES = new TreeMap<>();
    private static Workbench bench;

    @BeforeAll
    static void open() throws Exception {
        bench = Workbench.open();
    }

    @AfterAll
    static void close() throws Exception {
        bench.close();
        OUTCOMES.forEach((outcome, count) -> System.out.println("mutated archives: " + outcome + ": " + count));
    }

    @Test
    void aMutatedZipIsNeverReadOtherwise() {
        tryEach(MUTANTS, random -> {
            CheckpointFile file = CheckpointFile.plainZip(someTensors(random), random.nextLong(), pickle -> pickle);
            ZipMutant.Made mutant = ZipMutant.of(file.bytes(), random);
            compareReadings(mutant.bytes(), "zip", mutant.story());
        });
    }

    @Test
    void aMutatedPickleIsNeverReadOtherwise() {
        tryEach(MUTANTS / 2, random -> {
            CheckpointFile file = CheckpointFile.plainZip(
                    someTensors(random), random.nextLong(), pickle -> Mutations.nudge(pickle, random));
            compareReadings(file.bytes(), "pickle", "");
        });
    }

    /** Makes one mutant and compares what is read from it. */
    @FunctionalInterface
    private interface Trial {
        void of(Random random) throws Exception;
    }

    private static void tryEach(int count, Trial trial) {
        Long named = Long.getLong("ptsanitize.seed");
        long[] seeds = named == null ? new Random().longs(count).toArray() : new long[] {named};
        for (long seed : seeds) {
            try {
                trial.of(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("-Dptsanitize.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static Checkpoint someTensors(Random random) {
        while (true) {
            Checkpoint checkpoint = Checkpoints.ofSeed(random.nextLong(), 2 + random.nextInt(8), EXACT);
            if (!checkpoint.tensors().isEmpty()) {
                return checkpoint;
            }
        }
    }

    private static void compareReadings(byte[] mutant, String kind, String story) throws Exception {
        JsonObject torch = PythonOracle.loadPtPlainly(bench.put("mutant.pt", mutant));
        boolean accepted = torch.get("ok").getAsBoolean();
        if (!isConverted(mutant)) {
            count(kind, accepted ? "PyTorch loads, we refuse" : "both refuse");
        } else if (!accepted) {
            count(kind, "we convert, PyTorch refuses");
        } else {
            JsonObject converted =
                    PythonOracle.loadPt(bench.put("converted.pt", bench.convert(mutant, OutputFormat.PT)));
            assertTrue(converted.get("ok").getAsBoolean(), () -> story + " " + converted);
            assertEquals(TorchReading.fingerprints(torch), TorchReading.fingerprints(converted), story);
            count(kind, "both read the same");
        }
    }

    private static void count(String kind, String outcome) {
        OUTCOMES.merge(kind + ": " + outcome, 1, Integer::sum);
    }

    private static boolean isConverted(byte[] mutant) throws Exception {
        try {
            bench.convert(
                    mutant,
                    OutputFormat.PT,
                    ConvertOptions.builder()
                            .select(".")
                            .onCollision(ConvertOptions.OnCollision.SUFFIX)
                            .build());
            return true;
        } catch (FileFormatException | NothingToConvertException e) {
            return false;
        }
    }
}
