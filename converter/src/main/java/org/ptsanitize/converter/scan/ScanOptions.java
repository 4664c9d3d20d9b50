package org.ptsanitize.converter.scan;

import java.nio.file.Path;
import java.util.Optional;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.formats.bytes.Limits;

/**
 * How files are scanned.
 *
 * @param policy the classes that are no findings although PyTorch does not accept them
 * @param limits what one file may cost
 * @param tempDirectory where packed data are unpacked, if not in the usual place
 * @param threads how many files are scanned at a time; the memory that the limits allow is shared between them
 */
public record ScanOptions(Policy policy, Limits limits, Optional<Path> tempDirectory, int threads) {
    public ScanOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("at least 1 thread expected: " + threads);
        }
    }

    /** Nothing is allowed but what PyTorch accepts, the usual limits, one file at a time. */
    public static ScanOptions defaults() {
        return new ScanOptions(Policy.standard(), Limits.defaults(), Optional.empty(), 1);
    }
}
