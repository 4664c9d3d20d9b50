package org.ptsanitize.cli;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.naming.Rename;
import picocli.CommandLine.Option;

/** Which tensors of a checkpoint are meant, and what becomes of their names. */
final class NamingOptions {
    @Option(
            names = "--select",
            paramLabel = "PATH",
            description = "Only the subtree at PATH, without that prefix; '.' is the root as it is.")
    private @Nullable String select;

    @Option(names = "--weights", description = "Only the model's weights; training state is left out.")
    private boolean weights;

    @Option(names = "--include", paramLabel = "GLOB", description = "Only tensors whose name matches.")
    private List<String> include = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "No tensors whose name matches; wins over --include.")
    private List<String> exclude = new ArrayList<>();

    @Option(names = "--strip-prefix", paramLabel = "PREFIX", description = "Take PREFIX off names that begin with it.")
    private List<String> stripPrefixes = new ArrayList<>();

    @Option(
            names = "--rename",
            paramLabel = "REGEX=REPLACEMENT",
            description = "Replace in every name, in the order given (RE2 syntax, $1 for a group).")
    private List<String> renames = new ArrayList<>();

    @Option(
            names = "--keep-attributes",
            description = "Also write tensors that hang on modules outside their state_dict().")
    private boolean keepAttributes;

    /** @throws IllegalArgumentException if the options exclude each other */
    void checkSelection() {
        if (weights && select != null) {
            throw new IllegalArgumentException("--weights and --select exclude each other");
        }
    }

    Optional<String> select() {
        return Optional.ofNullable(select);
    }

    boolean weights() {
        return weights;
    }

    List<String> include() {
        return include;
    }

    List<String> exclude() {
        return exclude;
    }

    List<String> stripPrefixes() {
        return stripPrefixes;
    }

    boolean keepAttributes() {
        return keepAttributes;
    }

    /** @throws IllegalArgumentException if one is no replacement; the message names the flag */
    List<Rename> renames() {
        List<Rename> parsed = new ArrayList<>();
        for (String rename : renames) {
            int equals = rename.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("--rename " + rename + ": write REGEX=REPLACEMENT");
            }
            try {
                parsed.add(new Rename(Pattern.compile(rename.substring(0, equals)), rename.substring(equals + 1)));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("--rename " + rename + ": " + e.getDescription(), e);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--rename " + rename + ": " + e.getMessage(), e);
            }
        }
        return parsed;
    }
}
