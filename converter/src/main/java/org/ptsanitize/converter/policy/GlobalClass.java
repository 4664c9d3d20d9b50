package org.ptsanitize.converter.policy;

/** The classes of globals; each global falls in exactly one. */
public enum GlobalClass {
    /** A function or class that rebuilds a tensor. */
    REBUILD("rebuild"),
    /** A class whose instances become plain data. */
    VALUE("value"),
    /** Allowed by the user: written back to {@code .pt} outputs as it was. */
    ALLOWED("allowed"),
    /** Known to run code, open files or reach the network when called; nothing can allow it. */
    DANGEROUS("dangerous"),
    /** Anything else: its instances become stubs, its calls are dropped. */
    UNKNOWN("unknown");

    private final String text;

    GlobalClass(String text) {
        this.text = text;
    }

    /** The name in reports. */
    public String text() {
        return text;
    }
}
