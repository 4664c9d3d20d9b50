package org.ptsanitize.converter.scan;

import org.ptsanitize.converter.policy.Use;
import org.ptsanitize.converter.report.Severity;

/**
 * One global in one pickle that PyTorch does not accept by default, with all its uses of one kind.
 *
 * @param global the callable, module and name joined by a dot after Python 2's renames; {@link #COMPUTED} for one that the
 *     pickle only makes while it runs
 * @param part where in the file the pickle is, such as {@code archive/data.pkl}; empty if the file is the pickle
 * @param offset byte offset of the first use in that part
 * @param count how many uses there are
 * @param detail the first use in short, escaped; empty if the global is only named
 * @param reason why it is that bad, in a few words
 * @param fingerprint what a baseline knows it by
 */
public record ScanFinding(
        Severity severity,
        Use use,
        String global,
        String part,
        long offset,
        long count,
        String detail,
        String reason,
        String fingerprint) {
    /** What stands for the name of a callable that is not named, but the result of something else. */
    public static final String COMPUTED = "(computed)";
}
