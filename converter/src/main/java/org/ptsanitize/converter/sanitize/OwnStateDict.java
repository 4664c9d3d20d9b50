package org.ptsanitize.converter.sanitize;

/**
 * Module classes that are known to add entries to their {@code state_dict()} that only their own code can compute
 * ({@code get_extra_state()} or an own {@code _save_to_state_dict()}).
 */
final class OwnStateDict {
    static final String NOTE =
            "this class adds entries to its state_dict() by code (get_extra_state); they are not in the file";

    private static final String[] MODULES = {
        "transformer_engine.", "megatron.core.extensions.transformer_engine.", "torchao.",
    };

    private OwnStateDict() {}

    /** Whether a class belongs to a library whose modules compute entries. Only a note depends on it. */
    static boolean computes(String className) {
        for (String module : MODULES) {
            if (className.startsWith(module)) {
                return true;
            }
        }
        return false;
    }
}
