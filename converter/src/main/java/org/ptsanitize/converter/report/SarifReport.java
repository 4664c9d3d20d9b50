package org.ptsanitize.converter.report;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.converter.report.SarifLog.Rule;

/** A conversion as a SARIF log: what the input would have run, and what the output lacks. */
final class SarifReport {
    private static final Rule CRITICAL = new Rule(
            "dangerous-call",
            Severity.CRITICAL,
            "A call known to be dangerous",
            "Loading the input calls a function that is known to run code, start processes, open files or reach the"
                    + " network. The output does not hold it.");
    private static final Rule HIGH = new Rule(
            "call",
            Severity.HIGH,
            "A call of unknown code",
            "Loading the input calls a function that is not understood. The output does not hold it.");
    private static final Rule MEDIUM = new Rule(
            "class",
            Severity.MEDIUM,
            "A class outside PyTorch's allowlist",
            "Loading the input imports a module, or makes an object of a class, that torch.load(weights_only=True) does"
                    + " not accept. The output holds the object's state as plain data.");
    private static final Rule INFO = new Rule(
            "torchscript",
            Severity.INFO,
            "A class of TorchScript code",
            "The input holds objects of classes whose code lies in the archive. The output holds their state as plain"
                    + " data.");

    private SarifReport() {}

    private static Rule rule(Severity severity) {
        return switch (severity) {
            case CRITICAL -> CRITICAL;
            case HIGH -> HIGH;
            case MEDIUM -> MEDIUM;
            case INFO -> INFO;
        };
    }

    private static Rule rule(Event.Kind kind) {
        String words = kind.text().replace('_', ' ');
        return new Rule(
                "changed-" + kind.text().replace('_', '-'),
                Severity.INFO,
                "Changed: " + words,
                "The conversion changed, left out or noticed something: " + words + ".");
    }

    static void write(Conversion conversion, Writer out) throws IOException {
        List<Rule> rules = new ArrayList<>(List.of(CRITICAL, HIGH, MEDIUM, INFO));
        for (Event.Kind kind : Event.Kind.values()) {
            rules.add(rule(kind));
        }
        try (SarifLog log = SarifLog.begin(out, rules)) {
            for (Finding finding : conversion.log().findings()) {
                String message =
                        finding.global() + (finding.detail().isEmpty() ? " is named" : ": " + finding.detail());
                log.add(new SarifLog.Result(
                        rule(finding.severity()),
                        message,
                        conversion.input(),
                        finding.part(),
                        finding.offset(),
                        "",
                        SarifLog.Baseline.NONE));
            }
            for (Event event : conversion.log().events()) {
                log.add(new SarifLog.Result(
                        rule(event.kind()),
                        message(event),
                        conversion.input(),
                        event.path(),
                        -1,
                        "",
                        SarifLog.Baseline.NONE));
            }
        }
    }

    private static String message(Event event) {
        String subject = event.subject().isEmpty() ? "" : ": " + event.subject();
        return event.kind().text().replace('_', ' ')
                + subject
                + (event.detail().isEmpty() ? "" : " (" + event.detail() + ")");
    }
}
