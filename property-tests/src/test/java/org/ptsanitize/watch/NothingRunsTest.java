package org.ptsanitize.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ptsanitize.endtoend.HostileRuns;
import org.ptsanitize.oracle.RepositoryRoot;

/**
 * A process that converts all hostile files starts no process, opens no file but inputs, outputs and temporary ones, opens
 * no socket, and loads no class that is not the program's or that an input names.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class NothingRunsTest {
    /** Classes that exist on the class path or in the JDK, and would be loaded if names were looked up. */
    private static final List<String> NAMED = List.of(
            "org.ptsanitize.watch.Trap",
            "javax.script.ScriptEngineManager",
            "java.beans.XMLDecoder",
            "java.util.logging.FileHandler",
            "java.rmi.Naming");

    @TempDir
    Path folder;

    private Path outputs;
    private Path temporary;

    @BeforeEach
    void folders() throws IOException {
        folder = folder.toRealPath();
        outputs = Files.createDirectory(folder.resolve("outputs"));
        temporary = Files.createDirectory(folder.resolve("temporary"));
    }

    @Test
    void noHostileFileMakesTheProcessDoMoreThanConvert() throws Exception {
        Path list = folder.resolve("inputs.txt");
        List<Path> inputs = inputs();
        Files.write(list, inputs.stream().map(Path::toString).toList());

        List<String> record =
                WatchedProcess.run(folder, temporary, HostileRuns.class, outputs.toString(), list.toString());

        List<String> printed = Files.readAllLines(folder.resolve("printed"));
        assertEquals(inputs.size(), printed.size());
        Set<Path> given = new HashSet<>(inputs);
        given.add(list);
        Path corpus = inputs.get(0).getParent();
        Verdict verdict = new Verdict(
                path -> given.contains(path) || path.equals(corpus) || path.equals(outputs) || isWritten(path),
                this::isWritten,
                Set.copyOf(NAMED));
        assertEquals(List.of(), verdict.offences(record));
        for (Path input : inputs) {
            assertTrue(record.contains("open " + input), () -> "the watch did not see that " + input + " was opened");
        }
        assertTrue(record.contains("class org.ptsanitize.formats.pickle.PickleMachine"));
        assertTrue(record.stream().anyMatch(line -> line.endsWith(".ptsanitize-tmp") && line.startsWith("open ")));
        assertTrue(record.stream().anyMatch(line -> line.startsWith("change ")));
    }

    /** The watch sees each thing that it is there for. */
    @Test
    void theWatchSeesEveryOffence() throws Exception {
        Path other = Files.writeString(folder.resolve("other"), "text");
        Path made = folder.resolve("made");

        List<String> record = WatchedProcess.run(folder, temporary, Offences.class, other.toString(), made.toString());

        List<String> offences = new Verdict(path -> false, path -> false, Set.copyOf(NAMED)).offences(record);
        for (String expected : List.of(
                "change " + made,
                "class org.ptsanitize.watch.Trap",
                "open " + folder,
                "open " + made,
                "open " + other,
                "process [true]",
                "socket ")) {
            assertTrue(offences.stream().anyMatch(line -> line.startsWith(expected)), () -> expected + ": " + offences);
        }
        assertEquals(3, record.stream().filter(("open " + other)::equals).count());
    }

    private List<Path> inputs() throws IOException {
        Path hostile =
                RepositoryRoot.find().resolve("corpus").resolve("hostile").toRealPath();
        List<Path> inputs;
        try (Stream<Path> files = Files.list(hostile)) {
            inputs = new ArrayList<>(files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith("manifest.json"))
                    .sorted()
                    .toList());
        }
        inputs.add(Files.write(folder.resolve("java_names.pkl"), javaNames()));
        return inputs;
    }

    /** A pickle that names the classes in each way that an opcode can, and calls them. */
    private static byte[] javaNames() {
        StringBuilder pickle = new StringBuilder("(");
        for (String type : NAMED) {
            int dot = type.lastIndexOf('.');
            String module = type.substring(0, dot);
            String name = type.substring(dot + 1);
            pickle.append('c').append(module).append('\n').append(name).append("\n(tR");
            pickle.append('c').append(type).append("\nrun\n(tR");
            pickle.append("(i").append(module).append('\n').append(name).append('\n');
            pickle.append("(c").append(module).append('\n').append(name).append("\no");
            pickle.append('V').append(module).append("\nV").append(name).append("\n\u0093)\u0081}b");
        }
        return pickle.append("l.").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private boolean isWritten(Path path) {
        String name = path.getFileName().toString();
        return path.startsWith(outputs)
                        && (name.equals("out.safetensors")
                                || name.matches("\\.out\\.safetensors\\.[0-9a-f]+\\.ptsanitize-tmp"))
                || path.startsWith(temporary) && name.matches("ptsanitize[0-9]+\\.tmp");
    }
}
