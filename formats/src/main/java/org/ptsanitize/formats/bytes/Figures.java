package org.ptsanitize.formats.bytes;

/**
 * Numbers as messages and reports write them. Made by hand: the JDK's formatter loads the data of all locales for the
 * first of them, which is a tenth of the time that a small conversion takes.
 */
public final class Figures {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

    private Figures() {}

    /** A whole number with a comma before each group of three digits. */
    public static String grouped(long number) {
        StringBuilder text = new StringBuilder(Long.toString(number));
        int first = number < 0 ? 1 : 0;
        for (int place = text.length() - 3; place > first; place -= 3) {
            text.insert(place, ',');
        }
        return text.toString();
    }

    /** How many there are of what a word in the singular names, which takes an s in the plural. */
    public static String count(long number, String what) {
        return grouped(number) + " " + what + (number == 1 ? "" : "s");
    }

    /** A number of bytes in powers of ten, as file managers and hubs print it: two digits below 10 of a unit. */
    public static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        long unit = 1000;
        int name = 0;
        while (name < UNITS.length - 1 && rounded(bytes, unit) >= 1000) {
            unit *= 1000;
            name++;
        }
        long tenths = rounded(bytes, unit / 10);
        String value = tenths < 100 ? tenths / 10 + "." + tenths % 10 : Long.toString(rounded(bytes, unit));
        return value + " " + UNITS[name];
    }

    private static long rounded(long bytes, long unit) {
        long rest = bytes % unit;
        return bytes / unit + (rest >= unit - rest ? 1 : 0);
    }
}
