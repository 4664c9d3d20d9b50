package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Chromium without a window: the one that {@code PTSANITIZE_CHROMIUM} names, else {@code chromium} on the
 * {@code PATH}. A test that asks for one is skipped where there is none.
 */
final class Browser {
    private final Path program;
    private final Path folder;

    private Browser(Path program, Path folder) {
        this.program = program;
        this.folder = folder;
    }

    /** @param folder for its profile and what it prints */
    static Browser find(Path folder) {
        Optional<Path> program = program();
        Assumptions.assumeTrue(
                program.isPresent(), "PTSANITIZE_CHROMIUM is not set and there is no chromium on the PATH");
        return new Browser(program.orElseThrow(), folder);
    }

    private static Optional<Path> program() {
        String named = System.getenv("PTSANITIZE_CHROMIUM");
        if (named != null && !named.isBlank()) {
            return Optional.of(Path.of(named)).filter(Files::isExecutable);
        }
        for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path program = Path.of(entry, "chromium");
            if (Files.isExecutable(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    /** The elements of a page once its script has run, as HTML. */
    String elements(Path page, String fragment) throws IOException, InterruptedException {
        return run(page, fragment, "--dump-dom");
    }

    /** Paints a page into a PNG file. */
    void paint(Path page, Path picture, int width, int height) throws IOException, InterruptedException {
        run(page, "", "--screenshot=" + picture, "--window-size=" + width + "," + height);
        assertTrue(Files.size(picture) > 10_000, "an empty picture");
    }

    private String run(Path page, String fragment, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + folder.resolve("profile"),
                "--virtual-time-budget=10000"));
        command.addAll(List.of(options));
        command.add(page.toUri() + fragment);
        Path printed = folder.resolve("printed");
        Process process = new ProcessBuilder(command)
                .redirectOutput(printed.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("the browser does not end");
        }
        assertEquals(0, process.exitValue());
        return Files.readString(printed);
    }
}
