package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.converter.inspect.InspectOptions;
import org.ptsanitize.converter.inspect.Inspection;
import org.ptsanitize.converter.inspect.Inspector;
import org.ptsanitize.converter.policy.Use;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.report.Finding;
import org.ptsanitize.converter.report.Severity;
import org.ptsanitize.converter.scan.FileScan;
import org.ptsanitize.converter.scan.ScanFinding;
import org.ptsanitize.converter.scan.ScanOptions;
import org.ptsanitize.converter.scan.Scanner;
import org.ptsanitize.formats.bytes.FileFormatException;

/** A scan finds in every file of the corpus what its row says, and in a clean one nothing. */
class ScanCorpusTest {
    private final Scanner scanner = new Scanner(ScanOptions.defaults());

    static Stream<?> specimens() {
        return Corpus.specimens();
    }

    static Stream<?> hostile() {
        return Corpus.hostile();
    }

    @ParameterizedTest
    @MethodSource("specimens")
    void findsExactlyTheGlobalsThatPyTorchRefuses(JsonObject row) throws IOException {
        Path specimen = Corpus.specimen(row);
        Set<String> found = new TreeSet<>();
        List<ScanFinding> findings = new ArrayList<>();
        for (Path file : files(specimen)) {
            FileScan scan = scanner.scan(file);
            assertEquals(List.of(), scan.problems());
            findings.addAll(scan.findings());
        }
        for (ScanFinding finding : findings) {
            if (finding.use() != Use.CODE && !finding.global().equals(ScanFinding.COMPUTED)) {
                found.add(finding.global());
            }
        }
        if (row.get("weights_only_accepts").getAsBoolean()) {
            assertEquals(List.of(), findings);
        }
        if (!row.get("unsafe_globals").isJsonNull()) {
            assertEquals(strings(row, "unsafe_globals"), found);
        }
    }

    @ParameterizedTest
    @MethodSource("hostile")
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void findsEveryPayload(JsonObject row) {
        FileScan scan = scanner.scan(
                Corpus.FOLDER.resolve("hostile").resolve(row.get("file").getAsString()));
        Set<String> found = new TreeSet<>();
        scan.findings().forEach(finding -> found.add(finding.global()));
        Set<String> missing = strings(row, "reports");
        missing.removeAll(found);
        assertEquals(Set.of(), missing);
        if (row.get("class").getAsString().startsWith("gadget_")) {
            assertTrue(scan.has(Severity.HIGH), scan.toString());
        }
    }

    /** Of the globals that a conversion reads, it tells what a scan tells; of a file that it cannot open, nothing. */
    @ParameterizedTest
    @MethodSource({"specimens", "hostile"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aConversionRanksWhatItReadsLikeAScan(JsonObject row) throws IOException {
        Path file = file(row);
        Set<String> read = new HashSet<>(Set.of(ScanFinding.COMPUTED));
        Set<String> told = new TreeSet<>();
        boolean all = true;
        try {
            Inspection inspection = new Inspector(InspectOptions.defaults()).inspect(file);
            inspection.globals().forEach(global -> read.add(global.name()));
            for (Finding finding : inspection.log().findings()) {
                read.add(finding.global());
                told.add(finding.severity() + " " + finding.global());
            }
            all = inspection.log().findings().size() == countOf(inspection.log());
        } catch (FileFormatException e) {
            // It has no pickle that can be read.
        }
        Set<String> scanned = new TreeSet<>();
        for (Path each : files(file)) {
            for (ScanFinding finding : scanner.scan(each).findings()) {
                if (read.contains(finding.global()) && !finding.reason().equals("plain data or tensors")) {
                    scanned.add(finding.severity() + " " + finding.global());
                }
            }
        }
        if (!all) {
            scanned.retainAll(told);
        }
        assertEquals(scanned, told);
    }

    private static long countOf(EventLog log) {
        return Stream.of(Severity.values()).mapToLong(log::findings).sum();
    }

    private static Path file(JsonObject row) {
        Path hostile = Corpus.FOLDER.resolve("hostile").resolve(row.get("file").getAsString());
        return Files.exists(hostile) ? hostile : Corpus.specimen(row);
    }

    private static List<Path> files(Path specimen) throws IOException {
        if (!Files.isDirectory(specimen)) {
            return List.of(specimen);
        }
        try (Stream<Path> all = Files.walk(specimen)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static Set<String> strings(JsonObject row, String name) {
        Set<String> strings = new TreeSet<>();
        for (JsonElement each : row.getAsJsonArray(name)) {
            strings.add(each.getAsString());
        }
        return strings;
    }
}
