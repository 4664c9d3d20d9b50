package org.ptsanitize.converter.sanitize;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of a {@code numpy.datetime64} or {@code numpy.timedelta64}, as numpy's {@code str} gives it. */
final class NumpyMoments {
    private static final Pattern UNIT = Pattern.compile("([0-9]{0,9})([a-zA-Z]{1,7})");
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("Y", "years"),
            Map.entry("M", "months"),
            Map.entry("W", "weeks"),
            Map.entry("D", "days"),
            Map.entry("h", "hours"),
            Map.entry("m", "minutes"),
            Map.entry("s", "seconds"),
            Map.entry("ms", "milliseconds"),
            Map.entry("us", "microseconds"),
            Map.entry("ns", "nanoseconds"),
            Map.entry("ps", "picoseconds"),
            Map.entry("fs", "femtoseconds"),
            Map.entry("as", "attoseconds"),
            Map.entry("generic", "generic time units"));

    /** Units below a second, each a thousandth of the one before. */
    private static final List<String> FRACTIONS = List.of("s", "ms", "us", "ns", "ps", "fs", "as");

    private static final BigInteger DAY = BigInteger.valueOf(86_400);

    private NumpyMoments() {}

    /** A count of units as text, or null if the unit is none of numpy's or the date is beyond reckoning. */
    static @Nullable String text(NumpyType type, long ticks) {
        Matcher unit = UNIT.matcher(type.unit());
        if (ticks == Long.MIN_VALUE) {
            return "NaT";
        }
        if (!unit.matches() || !NAMES.containsKey(unit.group(2))) {
            return null;
        }
        BigInteger step = unit.group(1).isEmpty() ? BigInteger.ONE : new BigInteger(unit.group(1));
        BigInteger count = BigInteger.valueOf(ticks).multiply(step);
        try {
            return type.kind() == 'm' ? count + " " + NAMES.get(unit.group(2)) : date(count, unit.group(2));
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    private static @Nullable String date(BigInteger count, String unit) {
        return switch (unit) {
            case "Y" -> "%04d".formatted(Math.addExact(1970, count.longValueExact()));
            case "M" -> YearMonth.of(1970, 1).plusMonths(count.longValueExact()).toString();
            case "W" -> day(count.multiply(BigInteger.valueOf(7)));
            case "D" -> day(count);
            case "h" -> without(":00:00", time(count.multiply(BigInteger.valueOf(3600)), 0));
            case "m" -> without(":00", time(count.multiply(BigInteger.valueOf(60)), 0));
            case "generic" -> null;
            default -> time(count, FRACTIONS.indexOf(unit));
        };
    }

    private static String without(String end, String text) {
        return text.substring(0, text.length() - end.length());
    }

    /** Java writes a plus before years of more than four digits, numpy does not. */
    private static String day(BigInteger days) {
        String text = LocalDate.ofEpochDay(days.longValueExact()).toString();
        return text.startsWith("+") ? text.substring(1) : text;
    }

    /** Date and time of day of a count of thousandths of thousandths… of a second. */
    private static String time(BigInteger count, int thousandths) {
        BigInteger[] parts = floor(count, BigInteger.valueOf(1000).pow(thousandths));
        BigInteger[] days = floor(parts[0], DAY);
        int second = days[1].intValueExact();
        String text = "%sT%02d:%02d:%02d".formatted(day(days[0]), second / 3600, second / 60 % 60, second % 60);
        String digits = parts[1].toString();
        return thousandths == 0 ? text : text + "." + "0".repeat(3 * thousandths - digits.length()) + digits;
    }

    private static BigInteger[] floor(BigInteger value, BigInteger divisor) {
        BigInteger rest = value.mod(divisor);
        return new BigInteger[] {value.subtract(rest).divide(divisor), rest};
    }
}
