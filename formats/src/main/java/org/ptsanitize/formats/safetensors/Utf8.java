package org.ptsanitize.formats.safetensors;

import java.util.Comparator;

/** How texts behave once they are UTF-8. */
public final class Utf8 {
    /** The order of the encoded bytes, which differs from that of {@code char} values where surrogates are involved. */
    static final Comparator<String> BYTE_ORDER = Utf8::compare;

    private Utf8() {}

    /** Whether the text has no unpaired surrogate. */
    public static boolean isEncodable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean supplementary = Character.isSurrogate(x);
                return supplementary == Character.isSurrogate(y) ? Character.compare(x, y) : supplementary ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
