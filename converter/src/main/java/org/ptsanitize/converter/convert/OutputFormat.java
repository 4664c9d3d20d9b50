package org.ptsanitize.converter.convert;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What a conversion writes. */
public enum OutputFormat {
    SAFETENSORS("safetensors", "safetensors"),
    PT("pt", "pt", "pth", "ckpt", "bin");

    private final String text;
    private final String[] endings;

    OutputFormat(String text, String... endings) {
        this.text = text;
        this.endings = endings;
    }

    /**
     * The format of a name.
     *
     * @param option the flag that gives it, for the message
     * @throws IllegalArgumentException if there is no such format
     */
    public static OutputFormat named(String option, String name) {
        for (OutputFormat format : values()) {
            if (format.text.equals(name)) {
                return format;
            }
        }
        throw new IllegalArgumentException(option + " " + name + ": write safetensors or pt");
    }

    /** The name in options and reports. */
    public String text() {
        return text;
    }

    /** The ending that a new file of this format gets, without its dot. */
    public String ending() {
        return endings[0];
    }

    /** The format that a file name's ending stands for. */
    public static Optional<OutputFormat> ofEnding(Path path) {
        Path name = path.getFileName();
        String lower = name == null ? "" : name.toString().toLowerCase(Locale.ROOT);
        for (OutputFormat format : values()) {
            for (String ending : format.endings) {
                if (lower.endsWith("." + ending)) {
                    return Optional.of(format);
                }
            }
        }
        return Optional.empty();
    }
}
