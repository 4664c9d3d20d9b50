package org.ptsanitize.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ptsanitize.cli.Main;
import org.ptsanitize.converter.migrate.Outcome;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.Severity;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.TorchConstant;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.safetensors.SafetensorsType;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.oracle.RepositoryRoot;

/** The reference pages name everything the program has. */
class ReferenceTest {
    private static final Path ROOT = RepositoryRoot.find();

    @Test
    void everyOptionIsInTheReadmeAndEveryLimitInTheSecurityPage() throws IOException {
        ByteArrayOutputStream help = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(help, true, StandardCharsets.UTF_8);
        assertEquals(0, Main.run(out, out, "--help"));
        String options = text("README.md");
        String limits = text("SECURITY.md");
        Matcher option = Pattern.compile("--[a-z][a-z-]+").matcher(help.toString(StandardCharsets.UTF_8));
        Set<String> missing = new TreeSet<>();
        while (option.find()) {
            boolean limit =
                    option.group().startsWith("--max-") && !option.group().equals("--max-shard-size");
            String page = limit ? limits : options;
            if (!page.contains("`" + option.group())) {
                missing.add(option.group());
            }
        }
        missing.removeAll(Set.of("--help", "--version", "--quiet", "--verbose"));
        assertEquals(Set.of(), missing);
        for (Limit limit : Limit.values()) {
            assertTrue(limits.contains("| `" + limit.flag() + "` |"), limit.flag());
        }
    }

    /** The default of each limit stands in the help, in words or digits, and in digits in the security page. */
    @Test
    void everyLimitTellsItsDefault() throws IOException {
        ByteArrayOutputStream help = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(help, true, StandardCharsets.UTF_8);
        assertEquals(0, Main.run(out, out, "--help"));
        String security = text("SECURITY.md");
        for (Limit limit : Limit.values()) {
            assertEquals(
                    limit.defaultValue(),
                    told(limit, help.toString(StandardCharsets.UTF_8), "=[A-Z]+ +[^\n]*\\(([^()\n]+)\\)\\."));
            assertEquals(limit.defaultValue(), told(limit, security, "` \\|[^|\n]*\\| ([^|\n]+) \\|"));
        }
    }

    private static long told(Limit limit, String text, String behindTheFlag) {
        Matcher row =
                Pattern.compile(limit.flag() + behindTheFlag, Pattern.DOTALL).matcher(text);
        assertTrue(row.find(), limit.flag());
        String value = row.group(1);
        if (value.endsWith("heap")) {
            assertTrue(value.startsWith("75"), value);
            return limit.defaultValue();
        }
        String[] words = value.replace(",", "").split(" ");
        long unit = words.length == 1
                ? 1
                : Map.of("million", 1_000_000L, "MiB", 1L << 20, "GiB", 1L << 30)
                        .get(words[1]);
        return Long.parseLong(words[0]) * unit;
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect", "verify"})
    void everyOptionOfACommandIsInItsPage(String command) throws IOException {
        ByteArrayOutputStream help = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(help, true, StandardCharsets.UTF_8);
        assertEquals(0, Main.run(out, out, command, "--help"));
        String page = text("docs/" + command + ".md");
        Matcher option = Pattern.compile("--[a-z][a-z-]+").matcher(help.toString(StandardCharsets.UTF_8));
        Set<String> missing = new TreeSet<>();
        while (option.find()) {
            if (!option.group().startsWith("--max-") && !page.contains("`" + option.group())) {
                missing.add(option.group());
            }
        }
        missing.removeAll(Set.of("--help", "--version", "--quiet", "--verbose"));
        assertEquals(Set.of(), missing);
    }

    @Test
    void everyOptionAndEveryOutcomeOfAMigrationIsInItsPage() throws IOException {
        ByteArrayOutputStream help = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(help, true, StandardCharsets.UTF_8);
        assertEquals(0, Main.run(out, out, "migrate", "--help"));
        String own = help.toString(StandardCharsets.UTF_8);
        own = own.substring(0, own.indexOf("What is kept of each"));
        String page = text("docs/migrate.md");
        Matcher option = Pattern.compile("--[a-z][a-z-]+").matcher(own);
        Set<String> missing = new TreeSet<>();
        while (option.find()) {
            if (!page.contains(option.group())) {
                missing.add(option.group());
            }
        }
        missing.removeAll(Set.of("--help", "--version", "--quiet", "--verbose"));
        assertEquals(Set.of(), missing);
        for (Outcome outcome : Outcome.values()) {
            assertTrue(page.contains("`" + outcome.text() + "`"), outcome.text());
        }
    }

    @Test
    void everyKindOfEventAndEverySeverityIsInTheReportPage() throws IOException {
        String page = text("docs/report.md");
        for (Event.Kind kind : Event.Kind.values()) {
            assertTrue(page.contains("| `" + kind.text() + "` |"), kind.text());
        }
        for (Severity severity : Severity.values()) {
            assertTrue(page.contains("| `" + severity.text() + "` |"), severity.text());
        }
    }

    @Test
    void everyTagOfTheTreeIsInTheMetadataPage() throws IOException {
        Stream<String> lists = Stream.of(ListNode.Kind.values())
                .filter(kind -> kind != ListNode.Kind.LIST)
                .map(Enum::name);
        Stream<String> maps = Stream.of(MapNode.Kind.values()).map(Enum::name);
        Stream<String> constants = Stream.of(TorchConstant.Kind.values()).map(Enum::name);
        Stream<String> tensors = Stream.of(CompositeTensor.Kind.values()).map(CompositeTensor.Kind::text);
        String page = text("docs/metadata.md");
        for (String tag :
                Stream.of(lists, maps, constants, tensors).flatMap(kind -> kind).toList()) {
            String written = "`$" + tag.toLowerCase(Locale.ROOT) + "`";
            assertTrue(page.contains(written), written);
        }
    }

    @Test
    void everyDtypeIsInTheCompatibilityPageWithItsReader() throws IOException {
        List<String> rows = text("docs/compatibility.md").lines().toList();
        for (DType dtype : DType.values()) {
            String row = rows.stream()
                    .filter(line -> line.startsWith("| ") && line.contains("`" + dtype.torchName() + "`"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(dtype.torchName() + " is not there"));
            Optional<SafetensorsType> type = SafetensorsType.of(dtype);
            if (type.isPresent()) {
                assertTrue(row.contains("`" + type.get() + "`"), row);
                assertTrue(row.contains("| " + type.get().since() + " |"), row);
            }
        }
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        for (Path page : pages()) {
            Matcher link = Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(Files.readString(page));
            while (link.find()) {
                Path target = page.getParent().resolve(link.group(1));
                assertTrue(Files.exists(target), page + " links to " + link.group(1));
            }
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static String text(String page) throws IOException {
        return Files.readString(ROOT.resolve(page));
    }
}
