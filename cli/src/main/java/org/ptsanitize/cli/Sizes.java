package org.ptsanitize.cli;

import java.util.Locale;

/** Numbers with the usual units: {@code 5GB} is 5·10⁹, {@code 5GiB} is 5·2³⁰. */
final class Sizes {
    private static final String[] UNITS = {"", "k", "m", "g", "t"};

    private Sizes() {}

    /** @throws IllegalArgumentException if the text is no such number; the message names the option */
    static long parse(String option, String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        String number = lower.replaceFirst("[a-z]+$", "");
        String unit = lower.substring(number.length());
        boolean binary = unit.endsWith("ib");
        String prefix = binary ? unit.substring(0, unit.length() - 2) : unit.replaceFirst("b$", "");
        for (int power = 0; power < UNITS.length; power++) {
            if (UNITS[power].equals(prefix) && number.matches("[0-9]{1,18}") && !(binary && power == 0)) {
                long factor = 1;
                for (int i = 0; i < power; i++) {
                    factor *= binary ? 1024 : 1000;
                }
                try {
                    return Math.multiplyExact(Long.parseLong(number), factor);
                } catch (ArithmeticException e) {
                    break;
                }
            }
        }
        throw new IllegalArgumentException(option + " " + text + ": write a number such as 1000, 500MB or 2GiB");
    }
}
