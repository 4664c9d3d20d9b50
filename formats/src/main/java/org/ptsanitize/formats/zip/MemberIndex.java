package org.ptsanitize.formats.zip;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.formats.bytes.MalformedFileException;

/** Members by name. No two names are equal when neither case nor Unicode normalisation counts. */
final class MemberIndex {
    private final Map<String, ZipMember> byKey;

    MemberIndex(int size) {
        byKey = new HashMap<>(size / 3 * 4 + 4);
    }

    void add(ZipMember member) throws MalformedFileException {
        ZipMember other = byKey.putIfAbsent(key(member.name()), member);
        if (other != null) {
            throw new MalformedFileException(
                    other.name().equals(member.name())
                            ? "two members are called " + member
                            : "two members are called " + other + " and " + member + ", which PyTorch may mix up",
                    "bytes " + other.headerOffset() + " and " + member.headerOffset());
        }
    }

    Optional<ZipMember> find(String name) {
        return candidate(name).filter(member -> member.name().equals(name));
    }

    /** Finds a name as PyTorch does: the case of ASCII letters does not count. */
    Optional<ZipMember> findIgnoringCase(String name) {
        return candidate(name)
                .filter(member ->
                        member.name().equals(name) || lowerCase(member.name()).equals(lowerCase(name)));
    }

    private Optional<ZipMember> candidate(String name) {
        return Optional.ofNullable(byKey.get(key(name)));
    }

    private static String key(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 0x80) {
                return Normalizer.normalize(name, Normalizer.Form.NFC)
                        .toUpperCase(Locale.ROOT)
                        .toLowerCase(Locale.ROOT);
            }
        }
        return lowerCase(name);
    }

    /** The name itself if it holds no upper-case ASCII letter. */
    private static String lowerCase(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (isUpperCase(name.charAt(i))) {
                StringBuilder lower = new StringBuilder(name);
                for (int j = i; j < lower.length(); j++) {
                    char c = lower.charAt(j);
                    lower.setCharAt(j, isUpperCase(c) ? (char) (c + ('a' - 'A')) : c);
                }
                return lower.toString();
            }
        }
        return name;
    }

    private static boolean isUpperCase(char c) {
        return c >= 'A' && c <= 'Z';
    }
}
