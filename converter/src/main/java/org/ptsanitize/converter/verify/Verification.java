package org.ptsanitize.converter.verify;

import java.util.List;

/**
 * What a comparison found.
 *
 * @param original the file that the tensors were expected of, or the file of digests
 * @param copy the file that was checked
 * @param tensors how many tensors were compared; a component of a quantized or sparse tensor counts as one
 * @param bytes their bytes
 * @param mapping how names of the one became names of the other, in words; empty if they are the same
 * @param different how many tensors differ
 * @param differences the first of them, in the order of the original, at most {@link #KEPT}
 * @param notes what a person should know, one sentence each
 */
public record Verification(
        String original,
        String copy,
        long tensors,
        long bytes,
        String mapping,
        long different,
        List<Difference> differences,
        List<String> notes) {
    /** How many differences are kept; all are counted. */
    public static final int KEPT = 10_000;

    public Verification {
        differences = List.copyOf(differences);
        notes = List.copyOf(notes);
    }

    /** Whether the copy holds exactly the tensors that were expected. */
    public boolean isSame() {
        return different == 0;
    }
}
