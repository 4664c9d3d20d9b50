package org.ptsanitize.converter.report;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.ptsanitize.converter.report.SarifLog.Rule;

/** A conversion as a SARIF log: what the input would have run, and what the output lacks. */
final class SarifReport {
    private static final Map<Severity, Rule> FOUND = new EnumMap<>(Map.of(
            Severity.CRITICAL,
            new Rule(
                    "dangerous-call",
                    Severity.CRITICAL,
                    "A call known to be dangerous",
                    "Loading the input calls a function that is known to run code, start processes, open files or"
                            + " reach the network. The output does not hold it."),
            Severity.HIGH,
            new Rule(
                    "call",
                    Severity.HIGH,
                    "A call of unknown code",
                    "Loading the input calls a function that is not understood. The output does not hold it."),
            Severity.MEDIUM,
            new Rule(
                    "class",
                    Severity.MEDIUM,
                    "An object of an unknown class",
                    "Loading the input makes an object of a class that is not understood. The output holds its state"
                            + " as plain data."),
            Severity.INFO,
            new Rule(
                    "global",
                    Severity.INFO,
                    "A global that is only named",
                    "The input names a class or function that is not understood.")));

    private static final Map<Event.Kind, Rule> CHANGED = rules();

    private SarifReport() {}

    private static Map<Event.Kind, Rule> rules() {
        Map<Event.Kind, Rule> rules = new EnumMap<>(Event.Kind.class);
        for (Event.Kind kind : Event.Kind.values()) {
            String words = kind.text().replace('_', ' ');
            rules.put(
                    kind,
                    new Rule(
                            "changed-" + kind.text().replace('_', '-'),
                            Severity.INFO,
                            "Changed: " + words,
                            "The conversion changed, left out or noticed something: " + words + "."));
        }
        return rules;
    }

    static void write(Conversion conversion, Writer out) throws IOException {
        List<Rule> rules = new ArrayList<>(FOUND.values());
        rules.addAll(CHANGED.values());
        try (SarifLog log = SarifLog.begin(out, rules)) {
            for (Finding finding : conversion.log().findings()) {
                String message = finding.global() + (finding.detail().isEmpty() ? " is named" : ": " + finding.detail());
                log.add(new SarifLog.Result(
                        FOUND.get(finding.severity()),
                        message,
                        conversion.input(),
                        finding.part(),
                        finding.offset(),
                        "",
                        SarifLog.Baseline.NONE));
            }
            for (Event event : conversion.log().events()) {
                log.add(new SarifLog.Result(
                        CHANGED.get(event.kind()),
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
        return event.kind().text().replace('_', ' ') + subject
                + (event.detail().isEmpty() ? "" : " (" + event.detail() + ")");
    }
}
