package org.ptsanitize.cli;

import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.Limits;
import picocli.CommandLine.Option;

/** A flag for each limit on the work that one input may cause. */
final class LimitOptions {
    @Option(names = "--max-opcodes", paramLabel = "N", description = "Pickle opcodes of one input (100 million).")
    private @Nullable String opcodes;

    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            description = "Heap for the values of a pickle (75%% of the heap).")
    private @Nullable String memory;

    @Option(names = "--max-depth", paramLabel = "N", description = "Nesting of containers (1,000).")
    private @Nullable String depth;

    @Option(names = "--max-text", paramLabel = "SIZE", description = "One text in a pickle (64 MiB).")
    private @Nullable String text;

    @Option(names = "--max-array", paramLabel = "SIZE", description = "One array spelled out in a pickle (1 GiB).")
    private @Nullable String array;

    @Option(names = "--max-integer", paramLabel = "N", description = "Bytes or digits of one integer (4,300).")
    private @Nullable String integer;

    @Option(names = "--max-nested", paramLabel = "N", description = "Pickles inside pickles (4).")
    private @Nullable String nested;

    @Option(names = "--max-entries", paramLabel = "N", description = "Members of an archive (2 million).")
    private @Nullable String entries;

    @Option(names = "--max-paths", paramLabel = "N", description = "Paths through the object graph (5 million).")
    private @Nullable String paths;

    @Option(names = "--max-metadata", paramLabel = "SIZE", description = "Metadata in a safetensors header (48 MiB).")
    private @Nullable String metadata;

    @Option(names = "--max-inflate", paramLabel = "FACTOR", description = "Unpacked size over packed size (100).")
    private @Nullable String inflate;

    @Option(names = "--max-expansion", paramLabel = "FACTOR", description = "Output size over stored bytes (4).")
    private @Nullable String expansion;

    /** @throws IllegalArgumentException if a value is no number; the message names the flag */
    Limits limits() {
        Limits limits = Limits.defaults();
        limits = with(limits, Limit.OPCODES, opcodes);
        limits = with(limits, Limit.MEMORY, memory);
        limits = with(limits, Limit.DEPTH, depth);
        limits = with(limits, Limit.TEXT, text);
        limits = with(limits, Limit.ARRAY, array);
        limits = with(limits, Limit.INTEGER, integer);
        limits = with(limits, Limit.NESTED_PICKLES, nested);
        limits = with(limits, Limit.ENTRIES, entries);
        limits = with(limits, Limit.PATHS, paths);
        limits = with(limits, Limit.METADATA, metadata);
        limits = with(limits, Limit.INFLATE, inflate);
        limits = with(limits, Limit.EXPANSION, expansion);
        return limits;
    }

    private static Limits with(Limits limits, Limit limit, @Nullable String text) {
        return text == null ? limits : limits.with(limit, Sizes.parse(limit.flag(), text));
    }
}
