package org.ptsanitize.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.oracle.RepositoryRoot;
import org.ptsanitize.properties.violations.Breaks;

/** Shipped code keeps the {@linkplain ArchitectureRule rules}, and each rule catches the code written to break it. */
class ArchitectureTest {
    private static final List<String> SHIPPED_MODULES = List.of("formats", "converter", "cli");
    private static final String VIOLATIONS = "org.ptsanitize.properties.violations";

    private static final Path ROOT = RepositoryRoot.find();
    private static final JavaClasses SHIPPED = new ClassFileImporter()
            .importPaths(SHIPPED_MODULES.stream()
                    .map(module -> ROOT.resolve(module).resolve("target/classes"))
                    .toList());
    private static final JavaClasses BAD = new ClassFileImporter()
            .importPackages(VIOLATIONS)
            .that(DescribedPredicate.not(JavaClass.Predicates.simpleName("package-info")));

    static List<ArchitectureRule> rules() {
        return ArchitectureRule.below("org.ptsanitize");
    }

    static List<ArchitectureRule> rulesForTheBad() {
        return ArchitectureRule.below(VIOLATIONS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void shippedCodeKeepsTheRule(ArchitectureRule rule) {
        rule.check().check(SHIPPED);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rulesForTheBad")
    void theRuleCatchesExactlyTheCodeWrittenToBreakIt(ArchitectureRule rule) {
        Set<String> written =
                namesOf(BAD.stream().filter(bad -> sentencesOf(bad).contains(rule.sentence())));
        Set<String> caught = namesOf(BAD.stream().filter(bad -> rule.isBrokenBy(bad, BAD)));

        assertEquals(written, caught);
    }

    @Test
    void everyRuleHasCodeWrittenToBreakIt() {
        Set<String> broken =
                BAD.stream().flatMap(bad -> sentencesOf(bad).stream()).collect(Collectors.toSet());
        broken.add("the inside of the JDK stays inside"); // see the test after this one

        Set<String> all = rules().stream().map(ArchitectureRule::sentence).collect(Collectors.toSet());
        assertEquals(new TreeSet<>(all), new TreeSet<>(broken));
    }

    /** javac warns of such code and cannot be told not to, so it is compiled here. */
    @Test
    void useOfUnsafeIsCaught(@TempDir Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve("Sly.java"), "class Sly { sun.misc.Unsafe unsafe; }");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        compiler.getTask(
                        null,
                        null,
                        problem -> {},
                        List.of("-d", folder.toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();

        JavaClasses sly = new ClassFileImporter().importPath(folder);

        assertEquals(
                List.of("the inside of the JDK stays inside"),
                rules().stream()
                        .map(ArchitectureRule::sentence)
                        .filter(sentence -> sentence.contains("JDK"))
                        .filter(sentence -> rule(sentence).check().evaluate(sly).hasViolation())
                        .toList());
    }

    /** Otherwise a rule could pass because there was nothing to look at. */
    @Test
    void theClassesOfEveryModuleWereLookedAt() throws IOException {
        for (String module : SHIPPED_MODULES) {
            String place = ROOT.resolve(module).toUri().toString();
            boolean looked = SHIPPED.stream().anyMatch(shipped -> shipped.getSource()
                    .map(source -> source.getUri().toString().startsWith(place))
                    .orElse(false));
            assertTrue(
                    looked || packagesOf(module).isEmpty(), module + " has sources, but none of its classes was read");
        }
    }

    @Test
    void everyShippedPackageIsNullMarkedAndSaysWhatItIs() throws IOException {
        for (String module : SHIPPED_MODULES) {
            for (Path shippedPackage : packagesOf(module)) {
                assertTrue(isNullMarked(shippedPackage), shippedPackage + " has no package-info.java with @NullMarked");
            }
        }
    }

    @Test
    void aPackageWithoutItsPageIsCaught(@TempDir Path folder) throws IOException {
        assertFalse(isNullMarked(folder));

        Files.writeString(folder.resolve("package-info.java"), "/** A page. */\npackage somewhere;\n");
        assertFalse(isNullMarked(folder));

        Files.writeString(folder.resolve("package-info.java"), "/** A page. */\n@NullMarked\npackage somewhere;\n");
        assertTrue(isNullMarked(folder));
    }

    private static ArchitectureRule rule(String sentence) {
        return rules().stream()
                .filter(rule -> rule.sentence().equals(sentence))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isNullMarked(Path shippedPackage) throws IOException {
        Path page = shippedPackage.resolve("package-info.java");
        if (!Files.isRegularFile(page)) {
            return false;
        }
        List<String> lines = Files.readAllLines(page);
        return lines.contains("@NullMarked") && lines.stream().anyMatch(line -> line.startsWith("/**"));
    }

    /** The folders of a module's packages: those with Java sources in them. */
    private static Set<Path> packagesOf(String module) throws IOException {
        Path sources = ROOT.resolve(module).resolve("src/main/java");
        if (!Files.isDirectory(sources)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<String> sentencesOf(JavaClass bad) {
        return bad.tryGetAnnotationOfType(Breaks.class)
                .map(breaks -> List.of(breaks.value()))
                .orElse(List.of());
    }

    private static Set<String> namesOf(Stream<JavaClass> classes) {
        return classes.map(JavaClass::getName).collect(Collectors.toCollection(TreeSet::new));
    }
}
