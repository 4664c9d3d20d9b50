package org.ptsanitize.converter.migrate;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.naming.Rename;
import org.ptsanitize.formats.bytes.Sha256;

/** The options that an output depends on, as one short text that changes when any of them does. */
final class OptionsText {
    private OptionsText() {}

    static String of(MigrationOptions options) {
        ConvertOptions conversion = options.conversion();
        StringBuilder text = new StringBuilder();
        add(text, "format", options.format().text());
        add(text, "suffix", options.suffix());
        add(text, "allow", conversion.policy().allowed());
        add(text, "member", conversion.member().map(List::of).orElse(List.of()));
        add(text, "select", conversion.select().map(List::of).orElse(List.of()));
        add(text, "weights", conversion.weights());
        add(text, "include", conversion.include());
        add(text, "exclude", conversion.exclude());
        add(text, "strip", conversion.stripPrefixes());
        for (Rename rename : conversion.renames()) {
            add(text, "rename", List.of(rename.pattern().pattern(), rename.replacement()));
        }
        add(text, "tied", conversion.tied());
        add(text, "metadata", conversion.metadata());
        add(text, "collision", conversion.onCollision());
        add(text, "parameters", conversion.keepParameters());
        add(text, "attributes", conversion.keepAttributes());
        add(text, "strict", conversion.strict());
        add(text, "verify", conversion.verify());
        add(text, "shard", conversion.maxShardSize());
        return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    private static void add(StringBuilder text, String name, Object value) {
        text.append(name).append('=').append(value).append('\n');
    }

    private static void add(StringBuilder text, String name, List<String> values) {
        text.append(name);
        for (String value : values) {
            text.append('=').append(value.length()).append(':').append(value);
        }
        text.append('\n');
    }
}
