package org.ptsanitize.converter.report;

/** How bad a finding is, from harmless to worst. */
public enum Severity {
    /** Worth knowing. */
    INFO,
    /** A class outside what PyTorch loads by default. */
    MEDIUM,
    /** A call that would run when the file is loaded the old way. */
    HIGH,
    /** A call known to run code, start processes, open files or reach the network. */
    CRITICAL;

    /** The name in reports. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
