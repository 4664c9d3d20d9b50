package org.ptsanitize.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A JVM with the agent in it. */
final class WatchedProcess {
    private static final String RECORD_CLASS = "org/ptsanitize/watch/Witness.class";

    private WatchedProcess() {}

    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /**
     * Runs a main class to its end, which has to be a good one.
     *
     * @param folder for the agent, the record and what the process prints ({@code printed})
     * @param temporary the process's folder for temporary files
     * @return the lines of the record from the start of the program on
     */
    static List<String> run(Path folder, Path temporary, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        Path jar = folder.resolve("agent.jar");
        Path record = folder.resolve("record");
        write(jar);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-javaagent:" + jar + "=" + jar + ";" + record,
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:-PrintWarnings",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(List.of(arguments));
        Path printed = folder.resolve("printed");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        assertTrue(process.waitFor(10, TimeUnit.MINUTES), "it takes more than ten minutes");
        assertEquals(0, process.exitValue(), () -> read(printed));
        List<String> lines = Files.readAllLines(record);
        return lines.subList(lines.indexOf("start ") + 1, lines.size());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void write(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", Agent.class.getName());
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream record = WatchedProcess.class.getResourceAsStream("/" + RECORD_CLASS)) {
            out.putNextEntry(new JarEntry(RECORD_CLASS));
            record.transferTo(out);
        }
    }
}
