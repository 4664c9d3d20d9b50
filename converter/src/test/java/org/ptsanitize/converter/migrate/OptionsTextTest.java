package org.ptsanitize.converter.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.naming.Rename;
import org.ptsanitize.converter.policy.Policy;

class OptionsTextTest {
    /** No output depends on these. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("limits", "force", "durable", "dryRun", "tempDirectory");

    private static final Map<String, UnaryOperator<ConvertOptions.Builder>> CHANGES = new LinkedHashMap<>();

    static {
        CHANGES.put("policy", builder -> builder.policy(Policy.standard().allowing("a.B")));
        CHANGES.put("member", builder -> builder.member("model"));
        CHANGES.put("select", builder -> builder.select("model"));
        CHANGES.put("weights", builder -> builder.weights(true));
        CHANGES.put("include", builder -> builder.include(List.of("a*")));
        CHANGES.put("exclude", builder -> builder.exclude(List.of("a*")));
        CHANGES.put("stripPrefixes", builder -> builder.stripPrefixes(List.of("module.")));
        CHANGES.put("renames", builder -> builder.renames(List.of(new Rename(Pattern.compile("a"), "b"))));
        CHANGES.put("tied", builder -> builder.tied(ConvertOptions.Tied.DEDUPE));
        CHANGES.put("metadata", builder -> builder.metadata(ConvertOptions.Metadata.NONE));
        CHANGES.put("onCollision", builder -> builder.onCollision(ConvertOptions.OnCollision.SUFFIX));
        CHANGES.put("keepParameters", builder -> builder.keepParameters(true));
        CHANGES.put("keepAttributes", builder -> builder.keepAttributes(true));
        CHANGES.put("strict", builder -> builder.strict(true));
        CHANGES.put("verify", builder -> builder.verify(false));
        CHANGES.put("maxShardSize", builder -> builder.maxShardSize(1000));
    }

    private static String text(OutputFormat format, String suffix, ConvertOptions.Builder conversion) {
        return OptionsText.of(MigrationOptions.builder(List.of(), Path.of("dst"))
                .conversion(format, conversion.build())
                .suffix(suffix)
                .build());
    }

    @Test
    void everyOptionThatAnOutputDependsOnChangesTheText() {
        Set<String> texts = new TreeSet<>();
        texts.add(text(OutputFormat.SAFETENSORS, "", ConvertOptions.builder()));
        texts.add(text(OutputFormat.PT, "", ConvertOptions.builder()));
        texts.add(text(OutputFormat.SAFETENSORS, ".clean", ConvertOptions.builder()));
        CHANGES.forEach((name, change) -> {
            String changed = text(OutputFormat.SAFETENSORS, "", change.apply(ConvertOptions.builder()));
            assertTrue(texts.add(changed), name + " does not change it");
        });
    }

    @Test
    void noOptionIsForgotten() {
        Set<String> known = new TreeSet<>(CHANGES.keySet());
        known.addAll(WITHOUT_EFFECT);
        Set<String> options = new TreeSet<>();
        Arrays.stream(ConvertOptions.Builder.class.getDeclaredMethods())
                .filter(method ->
                        method.getReturnType() == ConvertOptions.Builder.class && method.getParameterCount() == 1)
                .forEach(method -> options.add(method.getName()));
        assertEquals(known, options);
    }

    @Test
    void listsAreNotMistakenForOneAnother() {
        assertNotEquals(
                text(OutputFormat.SAFETENSORS, "", ConvertOptions.builder().include(List.of("a", "b"))),
                text(OutputFormat.SAFETENSORS, "", ConvertOptions.builder().include(List.of("a=1:b"))));
    }
}
