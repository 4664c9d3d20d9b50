package org.ptsanitize.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.Limits;

/** Small limits, under which every execution is short, and the check that they hold. */
final class Bounds {
    static final Limits SMALL = Limits.defaults()
            .with(Limit.MEMORY, 2L << 20)
            .with(Limit.OPCODES, 20_000)
            .with(Limit.ARRAY, 1 << 20)
            .with(Limit.INFLATE, 20)
            .with(Limit.PATHS, 20_000)
            .with(Limit.ENTRIES, 2_000);

    /** What an execution may allocate: some times what the limits allow, for garbage, and buffers of fixed sizes. */
    private static final long ALLOCATED = 4 * SMALL.of(Limit.MEMORY) + (16L << 20);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Bounds() {}

    /** Reads something, or throws. */
    @FunctionalInterface
    interface Reading<T> {
        T read() throws IOException;
    }

    /**
     * What was read; empty where it was refused with an error of the family, in one line. Any other exception is a find,
     * and so is an allocation beyond the limits, also on a second try: the first may load classes.
     */
    static <T> Optional<T> read(Reading<T> reading) throws IOException {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Optional<T> read = attempt(reading);
        if (THREADS.getCurrentThreadAllocatedBytes() - before > ALLOCATED) {
            before = THREADS.getCurrentThreadAllocatedBytes();
            read = attempt(reading);
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            check(allocated <= ALLOCATED, () -> allocated + " bytes were allocated");
        }
        return read;
    }

    private static <T> Optional<T> attempt(Reading<T> reading) throws IOException {
        try {
            return Optional.of(reading.read());
        } catch (FileFormatException e) {
            check(e.getMessage().indexOf('\n') < 0, () -> "an error of several lines: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** A text that is only made when it is needed. */
    @FunctionalInterface
    interface Message {
        String text();
    }

    static void check(boolean holds, Message otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.text());
        }
    }

    static void same(Object expected, Object found, String what) {
        check(expected.equals(found), () -> what + ": " + expected + " is not " + found);
    }
}
