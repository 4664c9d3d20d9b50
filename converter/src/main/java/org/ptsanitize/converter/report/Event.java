package org.ptsanitize.converter.report;

/**
 * Something the conversion changed, left out or merely noticed.
 *
 * @param path where in the checkpoint, names joined by dots; empty for the whole
 * @param subject what it is about: a class, a tensor's other name, a representation
 * @param detail the reason, a sentence; may be empty
 */
public record Event(Kind kind, String path, String subject, String detail) {
    /** What happened. */
    public enum Kind {
        /** A call was left out. */
        DROPPED("dropped"),
        /** An object became its state under its class's name. */
        STUBBED("stubbed"),
        /** A cycle was cut. */
        CUT("cut"),
        /** A value under a key that is set again later. */
        REPLACED("replaced"),
        /** A tensor without data: meta, uninitialized. */
        NO_DATA("no_data"),
        /** A tensor of a module that is not in its {@code state_dict()}. */
        OUTSIDE_STATE_DICT("outside_state_dict"),
        /** A path through a stub to a tensor that already has a name. */
        ALREADY_NAMED("already_named"),
        /** A tensor written in another form. */
        REPRESENTED("represented"),
        /** A tensor under another name than its path. */
        RENAMED("renamed"),
        /** A tensor left out because the options say so. */
        NOT_SELECTED("not_selected"),
        /** A name left out because another name holds the same tensor. */
        TIED("tied"),
        /** A value that changed its type. */
        CONVERTED("converted"),
        /** Odd but harmless. */
        NOTE("note");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The name in reports. */
        public String text() {
            return text;
        }
    }
}
