package org.ptsanitize.converter.policy;

import org.ptsanitize.formats.pickle.PickleValue.Call;

/** What a file does with a global. */
public enum Use {
    /** It is called. */
    CALLED("called"),
    /** An instance of it is made without running its constructor. */
    INSTANCE("made an instance"),
    /** It is imported and not called. */
    NAMED("named"),
    /** Code lies in the archive. */
    CODE("code");

    private final String text;

    Use(String text) {
        this.text = text;
    }

    /** What a call does with its callable. */
    public static Use of(Call call) {
        return call.kind().makesInstance() ? INSTANCE : CALLED;
    }

    /** How a person says it. */
    public String text() {
        return text;
    }
}
