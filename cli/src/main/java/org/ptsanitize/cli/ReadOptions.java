package org.ptsanitize.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.converter.policy.PolicyFile;
import org.ptsanitize.formats.bytes.Limits;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How any command reads a checkpoint: which classes are allowed, and what reading may cost. */
final class ReadOptions {
    @Option(
            names = "--allow",
            paramLabel = "GLOBAL",
            description = "Write this class back to a .pt as it was, for torch's safe_globals().")
    private List<String> allow = new ArrayList<>();

    @Option(names = "--policy", paramLabel = "FILE", description = "Allowed classes, as JSON.")
    private @Nullable Path policyFile;

    @ArgGroup(validate = false)
    private CostOptions cost = new CostOptions();

    /** The classes that the options allow. */
    Policy policy() throws IOException {
        Policy policy = Policy.standard();
        if (policyFile != null) {
            policy = PolicyFile.read(policyFile, policy);
        }
        for (String global : allow) {
            policy = policy.allowing(global);
        }
        return policy;
    }

    /** @throws IllegalArgumentException if a value is no number; the message names the flag */
    Limits limits() {
        return cost.limits();
    }

    /** Where compressed members are unpacked, if not in the usual place. */
    Optional<Path> tempDirectory() {
        return cost.tempDirectory();
    }
}
