package org.ptsanitize.formats.zip;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import org.ptsanitize.formats.bytes.KeyTable;
import org.ptsanitize.formats.bytes.MalformedFileException;

/** Members by name. No two names are equal when neither case nor Unicode normalisation counts. */
final class MemberIndex {
    private final ZipMember[] members;
    private final KeyTable byKey;

    /** An index of what will be in an array. */
    MemberIndex(ZipMember[] members) {
        this.members = members;
        this.byKey = new KeyTable(members.length, i -> key(members[i].name()));
    }

    /** Adds the member in a place of the array. */
    void add(int place) throws MalformedFileException {
        ZipMember member = members[place];
        int before = byKey.add(key(member.name()), place);
        if (before >= 0) {
            ZipMember other = members[before];
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
        int place = byKey.find(key(name));
        return place < 0 ? Optional.empty() : Optional.of(members[place]);
    }

    private static String key(String name) {
        boolean upperCase = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 0x80) {
                return Normalizer.normalize(name, Normalizer.Form.NFC)
                        .toUpperCase(Locale.ROOT)
                        .toLowerCase(Locale.ROOT);
            }
            upperCase |= isUpperCase(c);
        }
        return upperCase ? lowerCase(name) : name;
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
