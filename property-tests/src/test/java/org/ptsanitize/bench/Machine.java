package org.ptsanitize.bench;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What the benchmark ran on, in one line. */
final class Machine {
    private Machine() {}

    static String describe(Path folder) throws IOException {
        FileStore store = Files.getFileStore(folder);
        return String.format(
                Locale.ROOT,
                "%s, %d cores, %s of memory, %s %s, %s, Java %s",
                value("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                value("/proc/meminfo", "MemTotal").map(Machine::gibibytes).orElse("unknown size"),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                store.type(),
                System.getProperty("java.version"));
    }

    private static String gibibytes(String kibibytes) {
        return Math.round(Long.parseLong(kibibytes.replaceAll("[^0-9]", "")) / (double) (1 << 20)) + " GiB";
    }

    private static Optional<String> value(String file, String key) throws IOException {
        if (!Files.isReadable(Path.of(file))) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        }
    }
}
