package org.ptsanitize.formats.bytes;

/**
 * A bound on the work that one input may cause. Each has a default that honest checkpoints stay far below and a flag
 * that changes it; what exceeds one ends as a {@link LimitExceededException}.
 */
public enum Limit {
    /** Opcodes of all pickles of one input. */
    OPCODES("--max-opcodes", "pickle opcodes", 100_000_000L),
    /** Estimated bytes of heap for everything a pickle makes; the default is a share of the maximum heap. */
    MEMORY("--max-memory", "bytes of values", Runtime.getRuntime().maxMemory() / 100 * 75),
    /** Nesting of containers in the object graph. */
    DEPTH("--max-depth", "levels of nesting", 1_000L),
    /** Bytes of one text in a pickle. */
    TEXT("--max-text", "bytes in one text", 64L << 20),
    /** Bytes of one array that is spelled out in a pickle instead of lying in a storage. */
    ARRAY("--max-array", "bytes in one spelled-out array", 1L << 30),
    /** Bytes of one integer in a pickle, or decimal digits where it is written as text. */
    INTEGER("--max-integer", "bytes or digits in one integer", 4_300L),
    /** Pickles inside pickles. */
    NESTED_PICKLES("--max-nested", "pickles inside one another", 4L),
    /** Members of an archive. */
    ENTRIES("--max-entries", "archive members", 2_000_000L),
    /** Names in an output, and steps of the walk that finds them: shared values count once per path. */
    PATHS("--max-paths", "paths through the object graph", 5_000_000L),
    /** Bytes of the primitive metadata written to a safetensors header. */
    METADATA("--max-metadata", "bytes of metadata", 48L << 20),
    /** Unpacked size as a multiple of the packed size. */
    INFLATE("--max-inflate", "times the packed size after unpacking", 100L),
    /** Output size as a multiple of the storage bytes present. */
    EXPANSION("--max-expansion", "times the stored bytes in the output", 4L);

    private final String flag;
    private final String unit;
    private final long defaultValue;

    Limit(String flag, String unit, long defaultValue) {
        this.flag = flag;
        this.unit = unit;
        this.defaultValue = defaultValue;
    }

    /** The command-line flag that sets this limit, such as {@code --max-opcodes}. */
    public String flag() {
        return flag;
    }

    /** What is counted, in the plural. */
    public String unit() {
        return unit;
    }

    public long defaultValue() {
        return defaultValue;
    }

    String describe(long allowed) {
        String text = Figures.grouped(allowed) + " " + unit;
        return this == MEMORY ? text + " (a share of the maximum heap)" : text;
    }
}
