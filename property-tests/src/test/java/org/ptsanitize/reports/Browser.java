package org.ptsanitize.reports;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real browser without a window: the one that PTSANITIZE_CHROMIUM names, or a chromium on the PATH. */
final class Browser {
    private final Path program;
    private final Path folder;

    private Browser(Path program, Path folder) {
        this.program = program;
        this.folder = folder;
    }

    /** @param folder where it may leave its files */
    static Optional<Browser> find(Path folder) {
        String named = System.getenv("PTSANITIZE_CHROMIUM");
        if (named != null) {
            return Optional.of(new Browser(Path.of(named), folder));
        }
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(place -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(Path.of(place)::resolve))
                .filter(Files::isExecutable)
                .findFirst()
                .map(found -> new Browser(found, folder));
    }

    /** The document as it stands after its scripts have run. */
    String dom(Path page, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add("--dump-dom");
        return run(page.toUri().toString(), arguments);
    }

    /** The same of a page that is opened at a fragment, such as {@code #find=text}. */
    String domAt(Path page, String fragment) throws IOException, InterruptedException {
        return run(page.toUri() + fragment, List.of("--dump-dom"));
    }

    /** What the page looks like: the bytes of a PNG. */
    byte[] screenshot(Path page, int width, int height, String... options) throws IOException, InterruptedException {
        Path picture = folder.resolve("screenshot.png");
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add("--screenshot=" + picture);
        arguments.add("--window-size=" + width + "," + height);
        run(page.toUri().toString(), arguments);
        return Files.readAllBytes(picture);
    }

    private String run(String address, List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--virtual-time-budget=2000",
                "--user-data-dir=" + folder.resolve("profile")));
        command.addAll(options);
        command.add(address);
        Path out = folder.resolve("browser.out");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        assertTrue(ended, "the browser does not end");
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
