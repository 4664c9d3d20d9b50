package org.ptsanitize.watch;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What of a record a conversion has no business to do. */
final class Verdict {
    /** The packages of the program, its libraries and the JDK, and the class that starts it. */
    private static final List<String> PACKAGES = List.of(
            "java.",
            "javax.crypto.",
            "javax.security.auth.",
            "jdk.internal.",
            "jdk.proxy",
            "com.sun.proxy.",
            "sun.",
            "org.ptsanitize.formats.",
            "org.ptsanitize.converter.",
            "org.ptsanitize.cli.",
            "org.ptsanitize.endtoend.HostileRuns",
            "com.google.gson.",
            "com.google.re2j.",
            "picocli.",
            "org.apache.commons.compress.",
            "org.tukaani.xz.",
            "net.jpountz.");

    /** Parts of the JDK that load native code of the JDK, and its names. */
    private static final List<String> LIBRARIES = List.of("class jdk.internal.", "jimage", "net", "nio", "zip");

    private final Predicate<Path> ours;
    private final Predicate<Path> written;
    private final Set<String> named;
    private final Set<Path> ofTheJvm;

    /**
     * @param ours the inputs and outputs
     * @param written those of them that may be changed
     * @param named classes that stand in inputs
     */
    Verdict(Predicate<Path> ours, Predicate<Path> written, Set<String> named) throws IOException {
        this.ours = ours;
        this.written = written;
        this.named = named;
        this.ofTheJvm = new TreeSet<>(List.of(
                Path.of(System.getProperty("java.home")).toRealPath(),
                Path.of(System.getProperty("java.home")),
                Path.of("/proc"),
                Path.of("/sys/fs/cgroup"),
                Path.of("/dev/random"),
                Path.of("/dev/urandom")));
        Arrays.stream(WatchedProcess.classPath().split(File.pathSeparator))
                .forEach(entry -> ofTheJvm.add(Path.of(entry).toAbsolutePath()));
    }

    /** The lines that tell of an offence, each once, sorted. */
    List<String> offences(List<String> record) {
        Set<String> offences = new TreeSet<>();
        for (String line : record) {
            int space = line.indexOf(' ');
            String what = line.substring(0, space);
            String argument = line.substring(space + 1);
            boolean right =
                    switch (what) {
                        case "class" -> !named.contains(argument) && isProgram(argument);
                        case "open", "list" -> ours.test(path(argument)) || isOfTheJvm(path(argument));
                        case "library" -> LIBRARIES.stream().anyMatch(argument::startsWith);
                        case "change" -> written.test(path(argument));
                        default -> false;
                    };
            if (!right) {
                offences.add(line);
            }
        }
        return new ArrayList<>(offences);
    }

    private static boolean isProgram(String type) {
        return PACKAGES.stream().anyMatch(type::startsWith);
    }

    private boolean isOfTheJvm(Path path) {
        return ofTheJvm.stream().anyMatch(path::startsWith);
    }

    private static Path path(String argument) {
        return Path.of(argument).toAbsolutePath().normalize();
    }
}
