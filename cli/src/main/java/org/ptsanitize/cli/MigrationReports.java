package org.ptsanitize.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.ptsanitize.converter.migrate.MigrationLines;
import org.ptsanitize.converter.migrate.MigrationPage;
import org.ptsanitize.converter.migrate.MigrationResult;

/** The files that {@code --report} of a migration asks for. */
final class MigrationReports {
    private final List<Path> files;

    MigrationReports(List<Path> files) {
        this.files = files;
    }

    /** A report that cannot be written is refused before any work. */
    void check() throws IOException {
        for (Path file : files) {
            if (!isPage(file) && !name(file).endsWith(".jsonl")) {
                throw new IllegalArgumentException("--report " + file + ": the name must end in .jsonl or .html");
            }
            new SideFile("--report", file).check();
        }
    }

    void write(MigrationResult result) throws IOException {
        for (Path file : files) {
            try (BufferedWriter out = Files.newBufferedWriter(file)) {
                if (isPage(file)) {
                    MigrationPage.write(result, out);
                } else {
                    MigrationLines.write(result, out);
                }
            }
        }
    }

    private static boolean isPage(Path file) {
        return name(file).endsWith(".html");
    }

    private static String name(Path file) {
        return file.toString().toLowerCase(Locale.ROOT);
    }
}
