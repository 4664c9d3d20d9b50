package org.ptsanitize.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ptsanitize.cli.Main;
import org.ptsanitize.oracle.RepositoryRoot;

/** The reports of real conversions, held against what reads them. */
class ConversionReportTest {
    private static final Path CORPUS = RepositoryRoot.find().resolve("corpus");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "specimens/records/objects.pt",
                "specimens/special/quantized.pt",
                "hostile/gadget_reduce-os_system.pt",
                "hostile/hostile_names-markup.pt"
            })
    void reportsAreWhatTheirSchemasSay(String input) throws IOException {
        Schemas.assertSarif(report(input, "sarif"));
        Schemas.assertCycloneDx(report(input, "cdx.json"));
    }

    @Test
    void aBillOfMaterialsHasTheDigestsOfBothFilesAndIsTheSameEachTime() throws Exception {
        String input = "hostile/gadget_reduce-os_system.pt";
        String bill = report(input, "cdx.json");
        JsonObject model = JsonParser.parseString(bill)
                .getAsJsonObject()
                .getAsJsonArray("components")
                .get(0)
                .getAsJsonObject();
        assertEquals(sha256(folder.resolve("out.safetensors")), hash(model));
        assertEquals(
                sha256(CORPUS.resolve(input)),
                hash(model.getAsJsonObject("pedigree")
                        .getAsJsonArray("ancestors")
                        .get(0)
                        .getAsJsonObject()));
        assertEquals(bill, report(input, "cdx.json"));
    }

    @Test
    void aPageHoldsNothingOfAHostileNameButText() throws Exception {
        String page = report("hostile/hostile_names-markup.pt", "html");
        assertTrue(page.contains("&lt;script&gt;"), page);
        assertEquals(1, page.split("<script", -1).length - 1, "only the page's own script");
        assertFalse(page.contains("<img"), page);
    }

    @Test
    void aRealBrowserShowsThePageInLightAndDark() throws Exception {
        Optional<Browser> browser = Browser.find(folder);
        assumeTrue(browser.isPresent(), "no chromium on the PATH, and PTSANITIZE_CHROMIUM names none");
        report("hostile/hostile_names-markup.pt", "html");
        Path page = folder.resolve("report.html");

        String dom = browser.get().dom(page);
        assertTrue(dom.contains("<h1>out.safetensors</h1>"), dom);
        assertFalse(dom.contains("<img"), dom);
        assertTrue(Files.readString(page).contains("font-size=\"11\""));
        assertFalse(dom.contains("font-size=\"11\""), "the script that fits the labels to the page has run");

        assertTrue(
                brightness(browser.get().screenshot(page, 1200, 900, "--blink-settings=preferredColorScheme=1")) > 200);
        assertTrue(
                brightness(browser.get().screenshot(page, 1200, 900, "--blink-settings=preferredColorScheme=0")) < 80);
    }

    /** The brightness in the corner of a picture, where the page is empty. */
    private static int brightness(byte[] png) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        return image.getRGB(3, 3) & 0xff;
    }

    private String report(String input, String ending) throws IOException {
        Path report = folder.resolve("report." + ending);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                CORPUS.resolve(input).toString(),
                folder.resolve("out.safetensors").toString(),
                "--force",
                "--report",
                report.toString());
        assertEquals(0, code, err.toString(StandardCharsets.UTF_8));
        return Files.readString(report);
    }

    private static String hash(JsonObject component) {
        return component
                .getAsJsonArray("hashes")
                .get(0)
                .getAsJsonObject()
                .get("content")
                .getAsString();
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
