package org.ptsanitize.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.oracle.NeedsPyTorch;
import org.ptsanitize.oracle.PythonOracle;
import org.ptsanitize.oracle.RepositoryRoot;

/**
 * Runs every {@code sh} and {@code python} block of the recipes and of the README, in order and in one folder for each
 * page. A {@code text} block that begins with {@code wrote} is what the block before it prints; any other one is the
 * message that PyTorch gives to the input. Blocks of another language are not run.
 */
@NeedsPyTorch
class RecipesTest {
    private static final Path RECIPES = RepositoryRoot.find().resolve("docs/recipes");

    @TempDir
    Path room;

    static Stream<Path> pages() throws IOException {
        List<Path> recipes;
        try (Stream<Path> files = Files.list(RECIPES)) {
            recipes = files.filter(file -> file.toString().endsWith(".md") && !file.endsWith("README.md"))
                    .sorted()
                    .toList();
        }
        return Stream.concat(Stream.of(RepositoryRoot.find().resolve("README.md")), recipes.stream());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyBlockOfThePageRunsAsPrinted(Path file) throws IOException, InterruptedException {
        Page page = Page.read(file);
        try (PageRun run = new PageRun(room, PythonOracle.python())) {
            PageRun.Ended message = run.prepare(page.name());
            assertEquals(0, message.code(), message.printed());
            assertTrue(runAll(page, run, message.printed()) >= 2, file + " has nothing that runs");
        }
    }

    /** How many blocks ran. */
    private static int runAll(Page page, PageRun run, String message) throws IOException, InterruptedException {
        String printed = "";
        int ran = 0;
        for (Page.Block block : page.blocks()) {
            String place = page.name() + ".md line " + block.line();
            switch (block.language()) {
                case "sh", "python" -> {
                    PageRun.Ended ended = run.run(block);
                    assertEquals(0, ended.code(), place + ":\n" + block.text() + "\n" + ended.printed());
                    printed = ended.printed();
                    ran++;
                }
                case "text" -> checkText(block, place, printed, message);
                default -> {}
            }
        }
        return ran;
    }

    private static void checkText(Page.Block block, String place, String printed, String message) {
        if (block.text().startsWith("wrote ")) {
            assertEquals(block.text(), printed, place);
            return;
        }
        for (String line : block.text().lines().toList()) {
            assertTrue(message.contains(line), place + ": PyTorch does not say '" + line + "' but\n" + message);
        }
    }

    @Test
    void theListOfRecipesNamesEveryPage() throws IOException {
        String list = Files.readString(RECIPES.resolve("README.md"));
        for (Path page : pages().skip(1).toList()) {
            assertTrue(list.contains("(" + page.getFileName() + ")"), page + " is not listed");
        }
    }
}
