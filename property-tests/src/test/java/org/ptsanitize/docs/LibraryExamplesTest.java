package org.ptsanitize.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ptsanitize.oracle.RepositoryRoot;

/** The {@code java} blocks of the README: compiled as they stand there, and run one after the other in one folder. */
class LibraryExamplesTest {
    private static final Path ROOT = RepositoryRoot.find();
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    Path folder;

    @Test
    void everyExampleOfTheReadmeCompilesAndRuns() throws IOException, InterruptedException {
        Files.copy(ROOT.resolve("corpus/specimens/legacy/state_dict.pth"), folder.resolve("model.pt"));
        List<Page.Block> examples = Page.read(ROOT.resolve("README.md")).blocks().stream()
                .filter(block -> block.language().equals("java"))
                .toList();
        assertEquals(3, examples.size());
        assertTrue(run(examples.get(0)).endsWith(" bytes, verified: true\n"));
        assertTrue(Files.exists(folder.resolve("converted.safetensors")));
        assertTrue(run(examples.get(1)).contains(" float32 ["));
        assertEquals("", run(examples.get(2)));
    }

    /** The first lines are imports; the rest stands in a method. */
    private String run(Page.Block example) throws IOException, InterruptedException {
        String name = "Example" + example.line();
        List<String> lines = example.text().lines().toList();
        String imports =
                lines.stream().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
        String body = lines.stream().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n"));
        Path source = folder.resolve(name + ".java");
        Files.writeString(
                source,
                imports + "\nclass " + name + " {\npublic static void main(String[] args) throws Exception {\n" + body
                        + "\n}\n}\n");
        compile(source);
        Path printed = folder.resolve(name + ".txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        folder + java.io.File.pathSeparator + CLASS_PATH,
                        name)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), () -> example.text());
        return Files.readString(printed);
    }

    private void compile(Path source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-cp", CLASS_PATH, "-d", folder.toString(), "-proc:none"),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertTrue(compiled, messages::toString);
    }
}
