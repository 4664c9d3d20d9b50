package org.ptsanitize.properties;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A rule that shipped code keeps, as a sentence and as a check. */
record ArchitectureRule(String sentence, ArchRule check) {
    /** The methods of {@link Class} that find nothing by name. */
    private static final Set<String> HARMLESS_IN_CLASS = Set.of(
            "getName",
            "getSimpleName",
            "getTypeName",
            "isInstance",
            "cast",
            "getEnumConstants",
            "getPackage",
            "getResourceAsStream",
            "desiredAssertionStatus",
            "hashCode",
            "equals",
            "toString");

    @Override
    public String toString() {
        return sentence;
    }

    /** All rules, for the program whose packages lie below {@code root}. */
    static List<ArchitectureRule> below(String root) {
        List<ArchitectureRule> rules = new ArrayList<>();
        addDirection(rules, root);
        addLookups(rules);
        addEffects(rules, root);
        addLibraries(rules, root);
        return List.copyOf(rules);
    }

    private static void addDirection(List<ArchitectureRule> rules, String root) {
        add(
                rules,
                "formats knows neither converter nor cli",
                noClasses()
                        .that()
                        .resideInAnyPackage(in(root, "formats"))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(in(root, "converter", "cli")));
        add(
                rules,
                "converter does not know cli",
                noClasses()
                        .that()
                        .resideInAnyPackage(in(root, "converter"))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(in(root, "cli")));
        add(
                rules,
                "what verifies shares nothing with what writes",
                noClasses()
                        .that()
                        .resideInAnyPackage(in(root, "converter.verify"))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(in(root, "converter.convert")));
        add(
                rules,
                "cli sees only what others can embed",
                noClasses()
                        .that()
                        .resideInAnyPackage(in(root, "cli"))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(in(root, "formats", "converter"))
                                .and(not(resideInAnyPackage(in(
                                        root,
                                        "converter.convert",
                                        "converter.inspect",
                                        "converter.migrate",
                                        "converter.naming",
                                        "converter.policy",
                                        "converter.report",
                                        "converter.scan",
                                        "converter.verify",
                                        "formats.bytes"))))));
        add(
                rules,
                "every package lies below the name of its module",
                noClasses().should().resideOutsideOfPackages(in(root, "formats", "converter", "cli")));
        add(
                rules,
                "no package is named util, common, helper or impl",
                noClasses()
                        .should()
                        .resideInAnyPackage(
                                "..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..impl.."));
    }

    private static void addLookups(List<ArchitectureRule> rules) {
        add(
                rules,
                "nothing is reflected upon",
                noClasses().should().dependOnClassesThat(resideInAPackage("java.lang.reflect..")));
        add(
                rules,
                "no class is looked up by name",
                noClasses().should().callMethodWhere(callsOf(Class.class, not(nameIn(HARMLESS_IN_CLASS)))));
        add(
                rules,
                "no class loader is used",
                noClasses()
                        .should()
                        .dependOnClassesThat(assignableTo(ClassLoader.class).or(type(java.util.ServiceLoader.class)))
                        .orShould()
                        .callMethodWhere(callsOf(Thread.class, nameMatching("[gs]etContextClassLoader"))));
        add(
                rules,
                "no method handle is looked up",
                noClasses()
                        .should()
                        .dependOnClassesThat(type(java.lang.invoke.MethodHandles.Lookup.class)
                                .or(type(java.lang.invoke.MethodHandle.class))));
    }

    private static void addEffects(List<ArchitectureRule> rules, String root) {
        add(
                rules,
                "nothing is deserialised by Java",
                noClasses()
                        .should()
                        .dependOnClassesThat(assignableTo(java.io.ObjectInput.class)
                                .or(assignableTo(java.io.ObjectOutput.class))
                                .or(type(java.io.Externalizable.class))
                                .or(resideInAnyPackage("java.beans..", "java.rmi..", "javax.naming.."))));
        add(
                rules,
                "no class says how Java deserialises it",
                noMethods().should().haveNameMatching("readObject|readResolve|readObjectNoData|readExternal"));
        add(
                rules,
                "nothing is scripted or compiled",
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("javax.script..", "javax.tools..", "jdk.jshell.."));
        add(
                rules,
                "no process is started and no library is loaded",
                noClasses()
                        .should()
                        .dependOnClassesThat(assignableTo(Process.class).or(type(ProcessBuilder.class)))
                        .orShould()
                        .callMethodWhere(callsOf(Runtime.class, nameMatching("exec|load|loadLibrary")))
                        .orShould()
                        .callMethodWhere(callsOf(System.class, nameMatching("load|loadLibrary"))));
        add(
                rules,
                "nothing reaches the network",
                noClasses()
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("java.net..", "javax.net..")
                                .and(not(belongToAnyOf(URI.class, URISyntaxException.class))))
                        .orShould()
                        .dependOnClassesThat(nameMatching("java\\.nio\\.channels\\..*(Socket|Datagram)Channel")));
        add(
                rules,
                "the inside of the JDK stays inside",
                noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "jdk.internal.."));
        add(
                rules,
                "only Main ends the program",
                noClasses()
                        .that()
                        .doNotHaveFullyQualifiedName(root + ".cli.Main")
                        .should()
                        .callMethodWhere(callsOf(System.class, nameMatching("exit")))
                        .orShould()
                        .callMethodWhere(callsOf(Runtime.class, nameMatching("exit|halt"))));
    }

    private static void addLibraries(List<ArchitectureRule> rules, String root) {
        add(
                rules,
                "of Gson only the streaming part is used",
                noClasses()
                        .should()
                        .dependOnClassesThat(resideInAPackage("com.google.gson..")
                                .and(not(resideInAPackage("com.google.gson.stream..")))
                                .and(not(nameMatching("com\\.google\\.gson\\.(Strictness|FormattingStyle)")))));
        add(
                rules,
                "picocli is only in cli",
                noClasses()
                        .that()
                        .resideOutsideOfPackages(in(root, "cli"))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("picocli.."));
        add(
                rules,
                "the decompressors are only in formats",
                noClasses()
                        .that()
                        .resideOutsideOfPackages(in(root, "formats"))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("org.apache.commons.compress..", "net.jpountz..", "org.tukaani.."));
    }

    private static void add(List<ArchitectureRule> rules, String sentence, ArchRule check) {
        // A module may have no classes yet; ArchitectureTest sees to it that all there are have been looked at.
        rules.add(new ArchitectureRule(sentence, check.allowEmptyShould(true)));
    }

    private static String[] in(String root, String... modules) {
        return Stream.of(modules).map(module -> root + "." + module + "..").toArray(String[]::new);
    }

    private static DescribedPredicate<JavaCall<?>> callsOf(
            Class<?> owner, DescribedPredicate<? super CodeUnitCallTarget> name) {
        return DescribedPredicate.describe(
                "calls of " + owner.getName() + " with " + name.getDescription(),
                call -> call.getTargetOwner().isEquivalentTo(owner) && name.test(call.getTarget()));
    }

    private static DescribedPredicate<CodeUnitCallTarget> nameIn(Set<String> names) {
        return DescribedPredicate.describe("a name in " + names, target -> names.contains(target.getName()));
    }

    /** Whether {@code suspect}, one of {@code classes}, breaks this rule. */
    boolean isBrokenBy(JavaClass suspect, JavaClasses classes) {
        JavaClasses alone = classes.that(DescribedPredicate.describe("the suspect", suspect::equals));
        return check.evaluate(alone).hasViolation();
    }
}
