package org.ptsanitize.converter.scan;

import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.Scratch;

/**
 * What all who look through one file share: what they may use up, and where they write what they find.
 *
 * @param problems why the scan cannot be finished
 */
record Desk(Policy policy, Scratch scratch, Budget budget, Findings findings, List<String> problems) {
    private static final int MOST_PROBLEMS = 20;

    Desk(Policy policy, Scratch scratch, Budget budget) {
        this(policy, scratch, budget, new Findings(), new ArrayList<>());
    }

    /** Writes down that a part could not be read to its end. */
    void problem(String part, FileFormatException e) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(part.isEmpty() ? e.getMessage() : Printable.line(part) + ": " + e.getMessage());
        }
    }
}
