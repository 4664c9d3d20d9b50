package org.ptsanitize.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ptsanitize.cli.Main;
import org.ptsanitize.oracle.RepositoryRoot;

class ScanReportTest {
    private static final Path HOSTILE = RepositoryRoot.find().resolve("corpus/hostile");

    @Test
    void sarifOfTheWholeCorpusIsValid() throws IOException {
        Schemas.assertSarif(run(scanned("sarif")));
    }

    @Test
    void sarifWithABaselineIsValid(@TempDir Path folder) throws IOException {
        String file = HOSTILE.resolve("gadget_reduce-os_system.pt").toString();
        Path baseline = folder.resolve("known.json");
        Files.writeString(baseline, run("--format", "json", file));
        String log = run("--format", "sarif", "--baseline", baseline.toString(), file);
        Schemas.assertSarif(log);
        assertTrue(log.contains("\"baselineState\": \"unchanged\""), log);
    }

    @Test
    void theSchemaRefusesWhatIsNoSarif() {
        assertFalse(Schemas.isSarif("{\"version\": \"2.1.0\", \"runs\": [{}]}"));
        assertFalse(Schemas.isSarif("{\"version\": \"2.0.0\", \"runs\": []}"));
    }

    @Test
    void sarifAndJsonTellTheSame() throws IOException {
        JsonObject json = object(run(scanned("json")));
        JsonObject run =
                object(run(scanned("sarif"))).getAsJsonArray("runs").get(0).getAsJsonObject();
        Set<String> inJson = new TreeSet<>();
        for (JsonElement file : json.getAsJsonArray("files")) {
            file.getAsJsonObject()
                    .getAsJsonArray("findings")
                    .forEach(finding -> inJson.add(
                            finding.getAsJsonObject().get("fingerprint").getAsString()));
        }
        Set<String> inSarif = new TreeSet<>();
        run.getAsJsonArray("results")
                .forEach(result -> inSarif.add(result.getAsJsonObject()
                        .getAsJsonObject("partialFingerprints")
                        .get("ptsanitize/v1")
                        .getAsString()));
        assertEquals(inJson, inSarif);
        assertFalse(run.getAsJsonArray("invocations")
                .get(0)
                .getAsJsonObject()
                .get("executionSuccessful")
                .getAsBoolean());
    }

    /** Every hostile file but the one that floods reports, which only takes time. */
    private static String[] scanned(String format) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--format", format));
        try (Stream<Path> files = Files.list(HOSTILE)) {
            files.map(Path::toString).filter(file -> !file.contains("flood")).forEach(arguments::add);
        }
        return arguments.toArray(String[]::new);
    }

    private static JsonObject object(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    private static String run(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "scan";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Main.run(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                all);
        assertEquals("", err.toString(StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
