package org.ptsanitize.oracle;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that holds the root {@code pom.xml} and, below it, {@code corpus}. */
public final class RepositoryRoot {
    private RepositoryRoot() {}

    /** Walks up from the working directory, which Maven sets to the module's own. */
    public static Path find() {
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("pom.xml"))
                    && Files.isRegularFile(folder.resolve("corpus").resolve("pom.xml"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no folder above " + start + " is the root of this repository");
    }
}
