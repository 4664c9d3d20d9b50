package org.ptsanitize.converter.naming;

import java.util.List;

/**
 * What a user says about names.
 *
 * @param include globs, one of which a name has to match; any name if there are none
 * @param exclude globs that no name may match; they win
 * @param stripPrefixes prefixes that are taken off, the first that fits
 * @param renames replacements, in order
 * @param suffixCollisions whether the second tensor of a name is kept under the name with a number; else it is an error
 */
public record NameOptions(
        List<String> include,
        List<String> exclude,
        List<String> stripPrefixes,
        List<Rename> renames,
        boolean suffixCollisions) {
    /** Every tensor under its path; two of one name are an error. */
    public static final NameOptions NONE = new NameOptions(List.of(), List.of(), List.of(), List.of(), false);

    public NameOptions {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        stripPrefixes = List.copyOf(stripPrefixes);
        renames = List.copyOf(renames);
    }

    /** Whether names are anything but paths, which a nested output cannot express. */
    public boolean rewrites() {
        return !renames.isEmpty() || !stripPrefixes.isEmpty();
    }
}
