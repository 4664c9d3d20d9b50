package org.ptsanitize.converter.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.ptsanitize.formats.pickle.PickleValue.Global;

/** What happens to each global: the built-in classes, and what the user allows on top of them. Immutable. */
public final class Policy {
    private static final DangerousGlobals DANGEROUS = DangerousGlobals.load();

    private final Set<String> allowed;
    private final Set<String> allowedModules;
    private final Set<String> expected;

    private Policy(Set<String> allowed, Set<String> allowedModules, Set<String> expected) {
        this.allowed = allowed;
        this.allowedModules = allowedModules;
        this.expected = expected;
    }

    /** Nothing is allowed beyond the built-in classes. */
    public static Policy standard() {
        return new Policy(Set.of(), Set.of(), Set.of());
    }

    /**
     * This policy with one global more.
     *
     * @param dotted module and name joined by a dot, such as {@code fairseq.data.dictionary.Dictionary}, or a module
     *     and {@code *} for every name directly in it
     * @throws IllegalArgumentException if it is not such a name, or names something dangerous
     */
    public Policy allowing(String dotted) {
        int dot = dotted.lastIndexOf('.');
        if (dot <= 0 || dot == dotted.length() - 1) {
            throw new IllegalArgumentException(
                    "'" + dotted + "' is not a global: write its module and name, such as argparse.Namespace");
        }
        String module = dotted.substring(0, dot);
        String name = dotted.substring(dot + 1);
        if (module.contains("*") || name.contains("*") && !name.equals("*")) {
            throw new IllegalArgumentException("'" + dotted
                    + "' has a wildcard inside a name; only a whole module can be allowed, as package.module.*");
        }
        Optional<String> danger = DANGEROUS.reason(new Global(module, name));
        if (danger.isPresent()) {
            throw new IllegalArgumentException("'" + dotted + "' cannot be allowed: " + danger.get());
        }
        Set<String> names = new TreeSet<>(allowed);
        Set<String> modules = new TreeSet<>(allowedModules);
        if (name.equals("*")) {
            modules.add(module);
        } else {
            names.add(dotted);
        }
        Set<String> all = new TreeSet<>(expected);
        all.add(dotted);
        return new Policy(names, modules, all);
    }

    /** What the user allows, sorted: globals, and modules as {@code package.module.*}. */
    public List<String> allowed() {
        List<String> all = new ArrayList<>(allowed);
        allowedModules.forEach(module -> all.add(module + ".*"));
        Collections.sort(all);
        return all;
    }

    /** The class of a global, by its exact module and name. */
    public GlobalClass classify(Global global) {
        if (DANGEROUS.reason(global).isPresent()) {
            return GlobalClass.DANGEROUS;
        }
        Optional<Meaning> meaning = Meaning.of(global);
        if (meaning.isPresent()) {
            return meaning.get().globalClass();
        }
        return isAllowed(global) ? GlobalClass.ALLOWED : GlobalClass.UNKNOWN;
    }

    /** This policy, of which no file need have everything. */
    Policy forManyFiles() {
        return new Policy(allowed, allowedModules, Set.of());
    }

    /** Whether the user allows something that should be in a file. */
    public boolean expectsSome() {
        return !expected.isEmpty();
    }

    /** What the user allows and expects, as it was written, that is none of these globals. */
    public List<String> unmet(Set<Global> met) {
        List<String> unmet = new ArrayList<>();
        for (String dotted : expected) {
            if (met.stream()
                    .noneMatch(global -> dotted.equals(global.dotted()) || dotted.equals(global.module() + ".*"))) {
                unmet.add(dotted);
            }
        }
        return unmet;
    }

    /** Why a global is dangerous, or empty. */
    public Optional<String> danger(Global global) {
        return DANGEROUS.reason(global);
    }

    /** Whether the user allows a global. */
    public boolean allows(Global global) {
        return classify(global) == GlobalClass.ALLOWED;
    }

    private boolean isAllowed(Global global) {
        if (global.name().contains(".")) {
            return false;
        }
        return allowed.contains(global.dotted()) || allowedModules.contains(global.module());
    }
}
