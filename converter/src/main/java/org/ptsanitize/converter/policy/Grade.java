package org.ptsanitize.converter.policy;

import java.util.Optional;
import java.util.Set;
import org.ptsanitize.converter.report.Severity;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PythonNames;

/**
 * How bad it is to load a pickle that uses a global in some way. The only place that ranks uses.
 *
 * @param reason in a few words
 */
public record Grade(Severity severity, String reason) {
    /** Of a call of what is not named, but the result of something else. */
    public static final Grade COMPUTED = new Grade(Severity.HIGH, "calls what the pickle makes while it is loaded");

    private static final Grade SCRIPT = new Grade(Severity.INFO, "a class of the archive's own TorchScript code");
    /** Of TorchScript code beside the pickles. */
    public static final Grade CODE = new Grade(Severity.INFO, "TorchScript code, which runs when the model does");

    private static final Grade KNOWN = new Grade(Severity.INFO, "plain data or tensors");

    /** What distributed checkpoints describe themselves with, and classes that are only named by plain data. */
    private static final Set<String> PLAIN = Set.of(
            "numpy.ndarray",
            "torch.distributed.checkpoint.filesystem._StorageInfo",
            "torch.distributed.checkpoint.metadata.BytesStorageMetadata",
            "torch.distributed.checkpoint.metadata.ChunkStorageMetadata",
            "torch.distributed.checkpoint.metadata.Metadata",
            "torch.distributed.checkpoint.metadata.MetadataIndex",
            "torch.distributed.checkpoint.metadata.StorageMeta",
            "torch.distributed.checkpoint.metadata.TensorProperties",
            "torch.distributed.checkpoint.metadata.TensorStorageMetadata",
            "torch.distributed.checkpoint.metadata._MEM_FORMAT_ENCODING");

    /** The grade of a use; empty if PyTorch accepts the global, or the user does. */
    public static Optional<Grade> of(Global global, Use use, Policy policy) {
        if (WeightsOnlyGlobals.accept(global)) {
            return Optional.empty();
        }
        GlobalClass globalClass = policy.classify(global);
        return switch (globalClass) {
            case ALLOWED -> Optional.empty();
            case DANGEROUS ->
                Optional.of(new Grade(
                        use == Use.NAMED ? Severity.HIGH : Severity.CRITICAL,
                        policy.danger(global).orElse("")));
            case REBUILD, VALUE -> Optional.of(understood(Meaning.of(global).orElseThrow()));
            case UNKNOWN -> Optional.of(unknown(global, use));
        };
    }

    /** Whether nothing but plain data or tensors comes of it, although PyTorch does not accept it. */
    public boolean isKnown() {
        return equals(KNOWN);
    }

    private static Grade understood(Meaning meaning) {
        return switch (meaning) {
            case LOAD_FROM_BYTES -> new Grade(Severity.MEDIUM, "a file inside the pickle, loaded without restriction");
            case GRAPH_MODULE -> new Grade(Severity.CRITICAL, "runs Python source that the pickle holds");
            default -> KNOWN;
        };
    }

    private static Grade unknown(Global global, Use use) {
        if (PLAIN.contains(PythonNames.modern(global).dotted())) {
            return KNOWN;
        } else if (global.module().equals("__torch__") || global.module().startsWith("__torch__.")) {
            return SCRIPT;
        }
        return switch (use) {
            case CALLED -> new Grade(Severity.HIGH, "a function or class that is not known to be harmless");
            case INSTANCE -> new Grade(Severity.MEDIUM, "an object of a class that PyTorch does not accept");
            case NAMED, CODE -> new Grade(Severity.MEDIUM, "its module is imported");
        };
    }
}
