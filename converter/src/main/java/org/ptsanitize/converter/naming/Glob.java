package org.ptsanitize.converter.naming;

import com.google.re2j.Pattern;

/**
 * A pattern for names, of tensors or files: {@code *} stands for any run of characters, dots included, {@code ?} for one character.
 * Matching takes linear time.
 */
public final class Glob {
    private final Pattern pattern;

    private Glob(Pattern pattern) {
        this.pattern = pattern;
    }

    public static Glob of(String glob) {
        StringBuilder regex = new StringBuilder("(?s)");
        int literal = 0;
        for (int i = 0; i <= glob.length(); i++) {
            char c = i < glob.length() ? glob.charAt(i) : '*';
            if (c == '*' || c == '?') {
                if (i > literal) {
                    regex.append(Pattern.quote(glob.substring(literal, i)));
                }
                if (i < glob.length()) {
                    regex.append(c == '*' ? ".*" : ".");
                }
                literal = i + 1;
            }
        }
        return new Glob(Pattern.compile(regex.toString()));
    }

    public boolean matches(String name) {
        return pattern.matches(name);
    }
}
