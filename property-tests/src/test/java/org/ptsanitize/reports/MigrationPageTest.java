package org.ptsanitize.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ptsanitize.converter.migrate.MigrationPage;
import org.ptsanitize.converter.migrate.MigrationResult;
import org.ptsanitize.converter.migrate.Outcome;
import org.ptsanitize.converter.migrate.UnitRecord;

/** The page about a migration in a real browser: it can be searched, it is quick when large, and no name in it runs. */
class MigrationPageTest {
    private static final String OWNED = "document.title='owned';document.body.dataset.owned=1";
    private static final List<String> HOSTILE = List.of(
            "</script><script>" + OWNED + "</script>",
            "<img src=x onerror=\"" + OWNED + "\">",
            "\"><svg onload=\"" + OWNED + "\">",
            "' onmouseover='" + OWNED + "' autofocus onfocus='" + OWNED,
            "<!--<script>" + OWNED,
            "javascript:" + OWNED,
            "\u2028" + OWNED + "\u2029//",
            "${" + OWNED + "}`",
            "a\u202egpj.tp");

    @TempDir
    Path folder;

    private Path page(List<UnitRecord> units) throws IOException {
        Path page = folder.resolve("report.html");
        try (BufferedWriter out = Files.newBufferedWriter(page)) {
            MigrationPage.write(new MigrationResult(Path.of("clean"), units, 0, false, 1L << 40), out);
        }
        return page;
    }

    private static UnitRecord converted(String source, String dropped) {
        SortedMap<String, SortedMap<String, Long>> counts = new TreeMap<>();
        counts.put("dropped", new TreeMap<>(Map.of(dropped, 2L)));
        return new UnitRecord(
                source,
                List.of(),
                1_000_000,
                Outcome.CONVERTED,
                "PyTorch zip archive",
                List.of(new UnitRecord.Output(source + ".safetensors", 900_000, 0, "")),
                List.of(),
                12,
                800_000,
                counts,
                new TreeMap<>(Map.of("critical", 1L)),
                "");
    }

    private static UnitRecord failed(String source, String reason) {
        return new UnitRecord(
                source,
                List.of(),
                5,
                Outcome.FAILED,
                "",
                List.of(),
                List.of(),
                0,
                0,
                new TreeMap<>(),
                new TreeMap<>(),
                reason);
    }

    private Browser browser() {
        Optional<Browser> browser = Browser.find(folder);
        assumeTrue(browser.isPresent(), "PTSANITIZE_CHROMIUM is not set and there is no chromium on the PATH");
        return browser.orElseThrow();
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    @Test
    void noNameRunsAnything() throws IOException, InterruptedException {
        Browser browser = browser();
        List<UnitRecord> units = new ArrayList<>();
        for (String hostile : HOSTILE) {
            units.add(converted(hostile, hostile));
            units.add(failed(hostile + "2", hostile));
        }
        String elements = browser.dom(page(units));
        assertTrue(elements.contains("<title>Migration to clean</title>"), elements);
        assertFalse(elements.contains("data-owned"), elements);
        assertFalse(elements.contains("<img"), elements);
        assertEquals(2, count(elements, "<script"), "its data and its own script");
        assertTrue(elements.contains("18 of 18, page 1 of 1"), "its own script ran");
        assertEquals(0, count(elements, "\u202e"));
        assertTrue(elements.contains("&lt;img src=x onerror="), "it is shown as it is");
    }

    @Test
    void itStaysUsableWithFiftyThousandFiles() throws IOException, InterruptedException {
        Browser browser = browser();
        List<UnitRecord> units = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            String source = "runs/run" + i % 100 + "/step-" + i + ".pt";
            units.add(
                    i % 1_000 == 0
                            ? failed(source, "truncated: " + i + " bytes wanted")
                            : converted(source, "os.system"));
        }
        Path page = page(units);
        String all = browser.dom(page);
        assertTrue(all.contains("50,000 of 50,000, page 1 of 500"));
        assertTrue(count(all, "<tr>") < 200, "only a page of the table is painted");
        assertTrue(all.contains("<code>truncated: N bytes wanted</code> <b>50</b> files"), "failures are grouped");
        assertTrue(all.contains("<code>os.system</code> <b>49,950</b> files, 99,900 times"), "classes are counted");
        String some = browser.domAt(page, "#find=STEP-4200");
        assertTrue(some.contains("11 of 50,000, page 1 of 1"), "step-4200 and step-42000 to step-42009");
        assertTrue(some.contains("runs/run1/step-42001.pt"));
        assertFalse(some.contains("step-42010.pt</td>"));
        assertTrue(browser.screenshot(page, 1200, 1600).length > 10_000, "an empty picture");
    }

    @Test
    void itReachesNoNetworkAndNeedsNoOtherFile() throws IOException {
        String page = Files.readString(page(List.of(converted("a.pt", "os.system"))));
        assertTrue(page.contains("content=\"default-src 'none'; style-src 'sha256-"), page);
        assertTrue(page.contains("; script-src 'sha256-"), page);
        for (String reach : List.of("http:", "https:", "//cdn", "src=", "@import", "url(", " style=", " onclick=")) {
            assertFalse(page.contains(reach), reach);
        }
    }
}
