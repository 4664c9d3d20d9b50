package org.ptsanitize.converter.inspect;

import java.nio.file.Path;
import java.util.Optional;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.formats.bytes.Limits;

/**
 * How a checkpoint is looked at.
 *
 * @param policy what becomes of globals
 * @param limits what looking may cost
 * @param tempDirectory where compressed members are unpacked; empty for the system's place
 */
public record InspectOptions(Policy policy, Limits limits, Optional<Path> tempDirectory) {
    /** The standard policy and the default limits. */
    public static InspectOptions defaults() {
        return new InspectOptions(Policy.standard(), Limits.defaults(), Optional.empty());
    }
}
