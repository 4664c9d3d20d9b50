package org.ptsanitize.converter.scan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ptsanitize.converter.policy.Grade;
import org.ptsanitize.converter.policy.Use;

/** The findings of one file: one for each global, use and part, in the order in which they come up. */
final class Findings {
    private static final int KEPT = 20_000;

    private record Key(String part, String pickle, String global, Use use) {}

    private static final class Tally {
        private final Grade grade;
        private final long offset;
        private final String detail;
        private long count;

        Tally(Grade grade, long offset, String detail) {
            this.grade = grade;
            this.offset = offset;
            this.detail = detail;
        }
    }

    private final Map<Key, Tally> tallies = new LinkedHashMap<>();
    private long left;

    /** A text that is only made for the first of many. */
    interface Detail {
        String text();
    }

    /**
     * Counts a use.
     *
     * @param pickle the digest of the pickle's bytes if another pickle with this use is another finding; empty if not
     */
    void add(Grade grade, Use use, String global, String part, String pickle, long offset, Detail detail) {
        Key key = new Key(part, pickle, global, use);
        Tally tally = tallies.get(key);
        if (tally == null) {
            if (tallies.size() >= KEPT) {
                left++;
                return;
            }
            tally = new Tally(grade, offset, detail.text());
            tallies.put(key, tally);
        }
        tally.count++;
    }

    boolean isEmpty() {
        return tallies.isEmpty();
    }

    /** How many uses were not kept. */
    long left() {
        return left;
    }

    /** @param path the file as it is written in the fingerprints */
    List<ScanFinding> list(String path) {
        List<ScanFinding> findings = new ArrayList<>(tallies.size());
        tallies.forEach((key, tally) -> findings.add(new ScanFinding(
                tally.grade.severity(),
                key.use(),
                key.global(),
                key.part(),
                tally.offset,
                tally.count,
                tally.detail,
                tally.grade.reason(),
                Fingerprint.of(
                        path,
                        key.part(),
                        tally.grade.severity().text(),
                        key.use().text(),
                        key.global(),
                        key.pickle()))));
        return findings;
    }
}
