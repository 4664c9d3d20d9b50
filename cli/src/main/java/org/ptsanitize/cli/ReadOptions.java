package org.ptsanitize.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.converter.policy.PolicyFile;
import picocli.CommandLine.Option;

/** How any command reads a checkpoint: which classes are allowed, and what reading may cost. */
final class ReadOptions extends CostOptions {
    @Option(
            names = "--allow",
            paramLabel = "GLOBAL",
            description = "Write this class back to a .pt as it was, for torch's safe_globals().")
    private List<String> allow = new ArrayList<>();

    @Option(names = "--policy", paramLabel = "FILE", description = "Allowed classes, as JSON.")
    private @Nullable Path policyFile;

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
}
