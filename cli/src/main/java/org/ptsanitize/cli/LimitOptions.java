package org.ptsanitize.cli;

import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.Limits;
import picocli.CommandLine.Option;

/** A flag for each limit on the work that one input may cause. */
final class LimitOptions {
    private Limits limits = Limits.defaults();

    Limits limits() {
        return limits;
    }

    private void set(Limit limit, @Nullable String text) {
        if (text != null) {
            limits = limits.with(limit, Sizes.parse(limit.flag(), text));
        }
    }

    @Option(names = "--max-opcodes", paramLabel = "N", description = "Pickle opcodes of one input (100 million).")
    void opcodes(String value) {
        set(Limit.OPCODES, value);
    }

    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            description = "Heap for the values of a pickle (75%% of the heap).")
    void memory(String value) {
        set(Limit.MEMORY, value);
    }

    @Option(names = "--max-depth", paramLabel = "N", description = "Nesting of containers (1,000).")
    void depth(String value) {
        set(Limit.DEPTH, value);
    }

    @Option(names = "--max-text", paramLabel = "SIZE", description = "One text in a pickle (64 MiB).")
    void text(String value) {
        set(Limit.TEXT, value);
    }

    @Option(names = "--max-array", paramLabel = "SIZE", description = "One array spelled out in a pickle (1 GiB).")
    void array(String value) {
        set(Limit.ARRAY, value);
    }

    @Option(names = "--max-integer", paramLabel = "N", description = "Bytes or digits of one integer (4,300).")
    void integer(String value) {
        set(Limit.INTEGER, value);
    }

    @Option(names = "--max-nested", paramLabel = "N", description = "Pickles inside pickles (4).")
    void nested(String value) {
        set(Limit.NESTED_PICKLES, value);
    }

    @Option(names = "--max-entries", paramLabel = "N", description = "Members of an archive (2 million).")
    void entries(String value) {
        set(Limit.ENTRIES, value);
    }

    @Option(names = "--max-paths", paramLabel = "N", description = "Paths through the object graph (5 million).")
    void paths(String value) {
        set(Limit.PATHS, value);
    }

    @Option(names = "--max-metadata", paramLabel = "SIZE", description = "Metadata in a safetensors header (48 MiB).")
    void metadata(String value) {
        set(Limit.METADATA, value);
    }

    @Option(names = "--max-inflate", paramLabel = "FACTOR", description = "Unpacked size over packed size (100).")
    void inflate(String value) {
        set(Limit.INFLATE, value);
    }

    @Option(names = "--max-expansion", paramLabel = "FACTOR", description = "Output size over stored bytes (4).")
    void expansion(String value) {
        set(Limit.EXPANSION, value);
    }
}
