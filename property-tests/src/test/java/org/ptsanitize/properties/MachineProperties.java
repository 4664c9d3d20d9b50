package org.ptsanitize.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.convert.VerificationException;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.properties.generate.CheckpointFile;
import org.ptsanitize.properties.generate.Checkpoints;

/**
 * Whatever the bytes: a result or an error of the family, in bounded time and memory, and no file where there was an
 * error.
 */
class MachineProperties extends WithWorkbench {
    private static final long MEMORY = 4L << 20;
    /** Beside the budget: buffers, the output and its proof, and what the tests of the heap cannot see as garbage. */
    private static final long ALLOCATED = 96L << 20;

    private static final long SECONDS = 20;
    private static final Limits SMALL = Limits.defaults()
            .with(Limit.MEMORY, MEMORY)
            .with(Limit.OPCODES, 100_000)
            .with(Limit.ARRAY, 1 << 20)
            .with(Limit.INFLATE, 20)
            .with(Limit.PATHS, 100_000);
    private static final ExecutorService THREAD = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "tried");
        thread.setDaemon(true);
        return thread;
    });

    @Property(tries = 3_000)
    void anyBytesAreAPickleOrAnError(@ForAll byte[] bytes) throws Exception {
        read(bytes);
    }

    @Property(tries = 4_000)
    void aMutatedPickleIsAPickleOrAnError(@ForAll("seeds") long seed) throws Exception {
        Random random = new Random(seed);
        byte[] other = pickle(random);
        read(Mutations.mutate(pickle(random), other, random));
    }

    @Property(tries = 200)
    void anyBytesAreACheckpointOrAnError(@ForAll byte[] bytes) throws Exception {
        convert(bytes, OutputFormat.SAFETENSORS);
    }

    @Property(tries = 1_000)
    void aMutatedFileIsACheckpointOrAnError(@ForAll("seeds") long seed) throws Exception {
        Random random = new Random(seed);
        byte[] other = file(random);
        convert(Mutations.mutate(file(random), other, random), format(random));
    }

    @Property(tries = 1_000)
    void aMutatedPickleInAGoodZipIsACheckpointOrAnError(@ForAll("seeds") long seed) throws Exception {
        Random random = new Random(seed);
        byte[] other = pickle(random);
        CheckpointFile file = CheckpointFile.zip(
                Checkpoints.ofSeed(random.nextLong(), random.nextInt(20)),
                random.nextLong(),
                pickle -> Mutations.mutate(pickle, other, random));
        convert(file.bytes(), format(random));
    }

    @Property(tries = 200)
    void aMutatedOutputIsACheckpointOrAnError(@ForAll("seeds") long seed) throws Exception {
        Random random = new Random(seed);
        OutputFormat first = format(random);
        byte[] output;
        try {
            output = bench.convert(file(random), first);
        } catch (NothingToConvertException nothing) {
            return;
        }
        convert(Mutations.mutate(output, output, random), format(random));
    }

    private static byte[] pickle(Random random) {
        return CheckpointFile.pickle(Checkpoints.ofSeed(random.nextLong(), random.nextInt(20)), random.nextLong())
                .bytes();
    }

    private static byte[] file(Random random) {
        return CheckpointFile.random(Checkpoints.ofSeed(random.nextLong(), random.nextInt(15)), random.nextLong())
                .bytes();
    }

    private static OutputFormat format(Random random) {
        return random.nextBoolean() ? OutputFormat.SAFETENSORS : OutputFormat.PT;
    }

    private static void read(byte[] bytes) throws Exception {
        Budget budget = new Budget(SMALL);
        bounded(() -> PickleMachine.read(MemorySource.of("pickle", bytes), 0, budget));
    }

    private static void convert(byte[] bytes, OutputFormat format) throws Exception {
        ConvertOptions options =
                ConvertOptions.builder().select(".").limits(SMALL).build();
        Path output = bench.output();
        Files.deleteIfExists(output);
        boolean done = bounded(() -> bench.convert(bytes, format, options));
        assertEquals(done ? List.of("input", "output") : List.of("input"), bench.files());
    }

    /** Whether the work gave a result. */
    private static boolean bounded(Callable<?> work) throws Exception {
        Future<Boolean> result = THREAD.submit(() -> attempt(work));
        try {
            return result.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("still running after " + SECONDS + " seconds", e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static boolean attempt(Callable<?> work) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            work.call();
            return true;
        } catch (VerificationException e) {
            throw new AssertionError("the output was not what it should be", e);
        } catch (FileFormatException e) {
            assertTrue(!e.getMessage().contains("\n"), e::getMessage);
            return false;
        } catch (NothingToConvertException | IOException expected) {
            return false;
        } finally {
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < ALLOCATED, () -> allocated + " bytes were allocated");
        }
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs().withoutEdgeCases();
    }
}
