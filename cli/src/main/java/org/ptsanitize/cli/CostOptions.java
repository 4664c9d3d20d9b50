package org.ptsanitize.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.Limits;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What reading an input may cost. */
final class CostOptions {
    @Option(names = "--temp-dir", paramLabel = "DIR", description = "Where compressed members are unpacked.")
    private @Nullable Path tempDirectory;

    @ArgGroup(validate = false, heading = "%nLimits on what one input may cost, with their defaults:%n")
    private LimitOptions limits = new LimitOptions();

    /** @throws IllegalArgumentException if a value is no number; the message names the flag */
    Limits limits() {
        return limits.limits();
    }

    /** Where compressed members are unpacked, if not in the usual place. */
    Optional<Path> tempDirectory() {
        return Optional.ofNullable(tempDirectory);
    }
}
