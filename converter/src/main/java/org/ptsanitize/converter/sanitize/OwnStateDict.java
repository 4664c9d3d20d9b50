package org.ptsanitize.converter.sanitize;

import java.util.HashSet;
import java.util.Set;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.EventLog;

/**
 * Tells of module classes that may add entries to their {@code state_dict()} that only their own code can compute
 * ({@code get_extra_state()} or an own {@code _save_to_state_dict()}). No module of {@code torch.nn} does so beyond what
 * is read here; of any other class a reader of the file cannot know.
 */
final class OwnStateDict {
    private static final String TORCH = "torch.nn.";
    private static final String KNOWN_NOT =
            "may add entries to its state_dict() by code (get_extra_state); they would not be in the file";

    private final EventLog log;
    private final Set<String> told = new HashSet<>();

    OwnStateDict(EventLog log) {
        this.log = log;
    }

    /** Notes a module's class, once for each class. Only a note depends on it. */
    void note(String path, String className) {
        if (!className.startsWith(TORCH) && told.add(className)) {
            log.add(Event.Kind.NOTE, path, className, KNOWN_NOT);
        }
    }
}
