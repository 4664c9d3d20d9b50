package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.policy.Meaning;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;

/**
 * Dates and times of Python's {@code datetime} as ISO 8601 text. Their pickles hold packed bytes: year (2), month, day,
 * hour, minute, second, microsecond (3); the top bit of the third byte (of the first, for a time) is the "fold".
 */
final class Moments {
    private Moments() {}

    /** The text of a moment, or empty if the call has a form that the class does not write. */
    static Optional<String> text(Invocation call, Meaning meaning, Reviver reviver) throws IOException {
        try {
            return switch (meaning) {
                case TIMEDELTA -> timedelta(call.arguments());
                case TIMEZONE -> timezone(call.arguments());
                case DATE -> packed(call, 4, reviver).map(b -> date(b).toString());
                case TIME -> packed(call, 6, reviver).flatMap(b -> zoned(time(b, 0), call));
                case DATETIME -> packed(call, 10, reviver).flatMap(b -> zoned(date(b) + "T" + time(b, 4), call));
                default -> Optional.empty();
            };
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> packed(Invocation call, int length, Reviver reviver) throws IOException {
        if (call.count() < 1 || call.count() > 2) {
            return Optional.empty();
        }
        ByteSource bytes = PlainValues.bytesOf(call.argument(0), reviver.budget());
        if (bytes == null || bytes.size() != length) {
            return Optional.empty();
        }
        byte[] packed = new byte[length];
        bytes.read(0, length).get(packed);
        return Optional.of(packed);
    }

    private static LocalDate date(byte[] b) {
        return LocalDate.of((b[0] & 0xff) << 8 | b[1] & 0xff, b[2] & 0x7f, b[3] & 0xff);
    }

    private static String time(byte[] b, int at) {
        int micros = (b[at + 3] & 0xff) << 16 | (b[at + 4] & 0xff) << 8 | b[at + 5] & 0xff;
        LocalTime time =
                LocalTime.of(b[at] & 0x7f, b[at + 1] & 0xff, b[at + 2] & 0xff, Math.multiplyExact(micros, 1000));
        String text = String.format(Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
        return micros == 0 ? text : text + String.format(Locale.ROOT, ".%06d", micros);
    }

    private static Optional<String> zoned(String text, Invocation call) {
        if (call.count() == 1) {
            return Optional.of(text);
        }
        Long seconds = offset(call.argument(1));
        return seconds == null ? Optional.empty() : Optional.of(text + offsetText(seconds));
    }

    private static Optional<String> timezone(List<PickleValue> arguments) {
        Long seconds = arguments.isEmpty() ? null : seconds(arguments.get(0));
        return seconds == null ? Optional.empty() : Optional.of("UTC" + (seconds == 0 ? "" : offsetText(seconds)));
    }

    private static String offsetText(long seconds) {
        long absolute = Math.abs(seconds);
        String text =
                String.format(Locale.ROOT, "%s%02d:%02d", seconds < 0 ? "-" : "+", absolute / 3600, absolute / 60 % 60);
        return absolute % 60 == 0 ? text : text + String.format(Locale.ROOT, ":%02d", absolute % 60);
    }

    /** Seconds east of UTC of a {@code datetime.timezone}, or null. */
    private static @Nullable Long offset(PickleValue zone) {
        List<PickleValue> arguments = arguments(zone, "timezone");
        return arguments == null || arguments.isEmpty() ? null : seconds(arguments.get(0));
    }

    private static @Nullable Long seconds(PickleValue delta) {
        List<PickleValue> arguments = arguments(delta, "timedelta");
        if (arguments == null
                || arguments.size() < 2
                || !(arguments.get(0) instanceof Int days)
                || !(arguments.get(1) instanceof Int seconds)
                || Math.abs(days.value()) > 1) {
            return null;
        }
        return days.value() * 86_400 + seconds.value();
    }

    private static @Nullable List<PickleValue> arguments(PickleValue value, String name) {
        return value instanceof Call call
                        && call.callable() instanceof Global global
                        && global.module().equals("datetime")
                        && global.name().equals(name)
                ? Invocation.sequence(call.arguments())
                : null;
    }

    /** {@code timedelta(days, seconds, microseconds)} as an ISO 8601 duration, such as {@code P1DT30.5S}. */
    private static Optional<String> timedelta(List<PickleValue> arguments) {
        if (arguments.size() != 3
                || !(arguments.get(0) instanceof Int days)
                || !(arguments.get(1) instanceof Int seconds)
                || !(arguments.get(2) instanceof Int micros)
                || micros.value() < 0
                || micros.value() >= 1_000_000) {
            return Optional.empty();
        }
        String fraction = micros.value() == 0 ? "" : String.format(Locale.ROOT, ".%06d", micros.value());
        return Optional.of("P" + days.value() + "DT" + seconds.value() + fraction + "S");
    }
}
