package org.ptsanitize.converter.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PythonNames;

/** The globals that {@code torch.load(weights_only=True)} of PyTorch 2.13 accepts without being told to. */
public final class WeightsOnlyGlobals {
    private static final String RESOURCE = "weights-only-globals.txt";
    private static final Set<String> NAMES = load();

    private WeightsOnlyGlobals() {}

    /** Whether PyTorch accepts a global: it compares module and name joined by a dot, after the Python 2 renames. */
    public static boolean accept(Global written) {
        return NAMES.contains(PythonNames.modern(written).dotted());
    }

    private static Set<String> load() {
        try (InputStream in = WeightsOnlyGlobals.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new AssertionError("the program lacks its resource " + RESOURCE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
