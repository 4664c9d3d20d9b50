package org.ptsanitize.converter.scan;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.ptsanitize.converter.report.SarifLog;
import org.ptsanitize.converter.report.SarifLog.Rule;
import org.ptsanitize.converter.report.Severity;

/** The results of a scan as a SARIF log. */
public final class ScanSarif {
    private static final Rule CRITICAL = new Rule(
            "dangerous-call",
            Severity.CRITICAL,
            "A call known to be dangerous",
            "Loading the file calls a function that is known to run code, start processes, open files or reach the"
                    + " network.");
    private static final Rule HIGH = new Rule(
            "call",
            Severity.HIGH,
            "A call of unknown code",
            "Loading the file calls a function or class that is not known to be harmless, or names a dangerous one.");
    private static final Rule MEDIUM = new Rule(
            "class",
            Severity.MEDIUM,
            "A class outside PyTorch's allowlist",
            "Loading the file imports a module, or makes an object of a class, that torch.load(weights_only=True) does"
                    + " not accept.");
    private static final Rule INFO = new Rule(
            "plain-data",
            Severity.INFO,
            "Plain data that PyTorch refuses",
            "The file holds plain data or TorchScript code that torch.load(weights_only=True) does not accept.");
    private static final List<Rule> RULES = List.of(CRITICAL, HIGH, MEDIUM, INFO);

    private ScanSarif() {}

    /** Writes one log. */
    public static void write(ScanReport report, boolean baseline, Writer out) throws IOException {
        try (SarifLog log = SarifLog.begin(out, RULES)) {
            for (FileScan file : report.files()) {
                for (ScanFinding finding : file.findings()) {
                    log.add(new SarifLog.Result(
                            rule(finding.severity()),
                            ScanText.sentence(finding),
                            file.path(),
                            finding.part(),
                            finding.offset(),
                            finding.fingerprint(),
                            state(report, finding, baseline)));
                }
                for (String problem : file.problems()) {
                    log.problem(file.path(), "The scan could not be finished: " + problem);
                }
            }
        }
    }

    private static SarifLog.Baseline state(ScanReport report, ScanFinding finding, boolean baseline) {
        if (!baseline) {
            return SarifLog.Baseline.NONE;
        }
        return report.isKnown(finding) ? SarifLog.Baseline.UNCHANGED : SarifLog.Baseline.NEW;
    }

    private static Rule rule(Severity severity) {
        return switch (severity) {
            case CRITICAL -> CRITICAL;
            case HIGH -> HIGH;
            case MEDIUM -> MEDIUM;
            case INFO -> INFO;
        };
    }
}
