package org.ptsanitize.converter.scan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.ptsanitize.converter.report.Severity;

/** The results of a scan: the files with findings or problems, and how many there were of everything. */
public final class ScanReport {
    private final Baseline baseline;
    private final List<FileScan> files = new ArrayList<>();
    private final Map<Severity, Long> counts = new EnumMap<>(Severity.class);
    private long scanned;
    private long skipped;
    private long unfinished;
    private long known;

    ScanReport(Baseline baseline, long others) {
        this.baseline = baseline;
        this.skipped = others;
    }

    /** Who wants each result as soon as it is there. */
    @FunctionalInterface
    public interface Listener {
        void scanned(FileScan file, ScanReport report) throws IOException;
    }

    void add(FileScan scan) {
        if (!scan.checkpoint()) {
            skipped++;
            return;
        }
        scanned++;
        unfinished += scan.finished() ? 0 : 1;
        for (ScanFinding finding : scan.findings()) {
            if (baseline.knows(finding)) {
                known++;
            } else {
                counts.merge(finding.severity(), 1L, Long::sum);
            }
        }
        if (!scan.finished() || !scan.findings().isEmpty()) {
            files.add(scan);
        }
    }

    /** The files with findings or problems, in the order of the scan. */
    public List<FileScan> files() {
        return Collections.unmodifiableList(files);
    }

    /** Whether a finding is one of the baseline's. */
    public boolean isKnown(ScanFinding finding) {
        return baseline.knows(finding);
    }

    /** How many files were looked through, those with problems included. */
    public long scanned() {
        return scanned;
    }

    /** How many files hold nothing that a loader of pickles would read. */
    public long skipped() {
        return skipped;
    }

    /** How many files could not be followed to their end. */
    public long unfinished() {
        return unfinished;
    }

    /** How many findings the baseline knows. */
    public long known() {
        return known;
    }

    /** How many findings of a severity there are that the baseline does not know. */
    public long count(Severity severity) {
        return counts.getOrDefault(severity, 0L);
    }

    /** Whether there is a finding at least this bad that the baseline does not know. */
    public boolean has(Severity severity) {
        return counts.keySet().stream().anyMatch(found -> found.compareTo(severity) >= 0);
    }
}
