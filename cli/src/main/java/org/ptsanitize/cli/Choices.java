package org.ptsanitize.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;

/** Options with a closed list of values. */
final class Choices {
    private Choices() {}

    /** Lets the values be written in small letters, and says them so where the value is another. */
    static <E extends Enum<E>> void register(CommandLine commandLine, Class<E> type) {
        commandLine.registerConverter(type, text -> {
            List<String> known = new ArrayList<>();
            for (E value : type.getEnumConstants()) {
                String name = value.name().toLowerCase(Locale.ROOT);
                if (name.equals(text.toLowerCase(Locale.ROOT))) {
                    return value;
                }
                known.add(name);
            }
            throw new CommandLine.TypeConversionException("'" + text + "' is none of " + String.join(", ", known));
        });
    }
}
