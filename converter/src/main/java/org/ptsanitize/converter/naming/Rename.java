package org.ptsanitize.converter.naming;

import com.google.re2j.Pattern;

/** A replacement of a part of every name. Matching takes linear time. */
public record Rename(Pattern pattern, String replacement) {
    /** @throws IllegalArgumentException if the replacement refers to a group that the pattern does not have */
    public Rename {
        try {
            // The same groups, in a pattern that matches nothing at all and so uses the replacement.
            Pattern.compile("|" + pattern.pattern(), pattern.flags())
                    .matcher("")
                    .replaceAll(replacement);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the replacement '" + replacement + "' refers to a group that the pattern does not have", e);
        }
    }

    String apply(String name) {
        return pattern.matcher(name).replaceAll(replacement);
    }
}
