package org.ptsanitize.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ptsanitize.oracle.RepositoryRoot;

/** A folder in which the blocks of a page run one after the other, with the real launcher and a real Python. */
final class PageRun implements AutoCloseable {
    private static final long SECONDS = 120;

    private final Path folder;
    private final Path programs;
    private final Path python;

    /** @param room an empty folder */
    PageRun(Path room, Path python) throws IOException {
        Path root = RepositoryRoot.find();
        this.python = python;
        this.folder = Files.createDirectory(room.resolve("work"));
        this.programs = Files.createDirectory(room.resolve("bin"));
        Files.createSymbolicLink(programs.resolve("ptsanitize"), root.resolve("cli/bin/ptsanitize"));
        Path wrapper = programs.resolve("python");
        Files.writeString(wrapper, "#!/bin/sh\nexec '" + python + "' \"$@\"\n");
        if (!wrapper.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + wrapper + " executable");
        }
        for (String part : List.of("cli", "corpus")) {
            Files.createSymbolicLink(folder.resolve(part), root.resolve(part));
        }
    }

    /** How a program ended and what it printed; both streams in one. */
    record Ended(int code, String printed) {}

    /** Makes the files the page is about. Prints what {@code torch.load} says to them. */
    Ended prepare(String page) throws IOException, InterruptedException {
        Path script = RepositoryRoot.find().resolve("property-tests/src/test/python/recipe_inputs.py");
        return run(List.of(python.toString(), script.toString(), page, folder.toString()));
    }

    /** Runs a block as a person would who pastes it. */
    Ended run(Page.Block block) throws IOException, InterruptedException {
        return switch (block.language()) {
            case "sh" -> run(List.of("/bin/sh", "-e", "-c", block.text()));
            case "python" -> run(List.of(python.toString(), "-c", block.text()));
            default -> throw new IllegalArgumentException(block.language());
        };
    }

    /** Takes the links away, so that whoever empties the folder meets none that leads out of it. */
    @Override
    public void close() throws IOException {
        for (Path link : List.of(programs.resolve("ptsanitize"), folder.resolve("cli"), folder.resolve("corpus"))) {
            Files.delete(link);
        }
    }

    private Ended run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        Path output = Files.createTempFile(folder.getParent(), "printed", ".txt");
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        environment.put("HOME", folder.toString());
        Process process = builder.start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after " + SECONDS + " s: " + command);
        }
        return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
