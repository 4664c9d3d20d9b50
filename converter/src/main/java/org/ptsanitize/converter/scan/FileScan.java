package org.ptsanitize.converter.scan;

import java.nio.file.Path;
import java.util.List;
import org.ptsanitize.converter.report.Severity;

/**
 * What a scan found in one file.
 *
 * @param path the file
 * @param checkpoint whether there was anything in it that a loader of pickles would read; if not, it was skipped
 * @param findings what it holds, in the order of the file
 * @param left how many findings there were beyond those kept
 * @param problems why the scan could not be finished, one sentence each; empty if it was
 */
public record FileScan(Path path, boolean checkpoint, List<ScanFinding> findings, long left, List<String> problems) {
    /** Whether every pickle in the file was followed to its end. */
    public boolean finished() {
        return problems.isEmpty();
    }

    /** Whether there is a finding at least this bad. */
    public boolean has(Severity severity) {
        return findings.stream().anyMatch(finding -> finding.severity().compareTo(severity) >= 0);
    }
}
