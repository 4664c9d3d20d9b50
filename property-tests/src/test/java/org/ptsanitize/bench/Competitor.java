package org.ptsanitize.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One way to do a piece of work.
 *
 * @param name as it stands in the table
 * @param command starts in a fresh process
 * @param environment added to that of the benchmark
 * @param output what it writes, removed before and after each run
 */
record Competitor(String name, List<String> command, Map<String, String> environment, List<Path> output) {
    /** The first of each piece of work, which the others are compared with. */
    static final String COPY = "cp + sync";

    /** {@code cp} of a file or a folder and {@code sync} of the copy. */
    static Competitor copy(Path input, Path output) {
        return new Competitor(
                COPY,
                List.of("sh", "-c", "cp -r \"$1\" \"$2\" && sync -f \"$2\"", "sh", input.toString(), output.toString()),
                Map.of(),
                List.of(output));
    }
}
