package org.ptsanitize.converter.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PythonNames;

/**
 * The globals that nothing can allow, each with a written reason. The list names known gadgets so that reports can rank
 * them; safety does not rest on it, because no global is ever called.
 */
final class DangerousGlobals {
    private static final String RESOURCE = "dangerous-globals.txt";

    private final Map<String, String> byGlobal = new HashMap<>();
    private final Map<String, String> byModule = new HashMap<>();
    private final Map<String, String> byPackage = new HashMap<>();

    private DangerousGlobals() {}

    /**
     * Reads the list that ships with the program: {@code module name | reason}, with {@code *} for the names directly in
     * a module and {@code **} for those of its submodules too.
     */
    static DangerousGlobals load() {
        DangerousGlobals list = new DangerousGlobals();
        try (InputStream in = DangerousGlobals.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new AssertionError("the program lacks its resource " + RESOURCE);
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                list.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return list;
    }

    private void add(String line) {
        if (line.isBlank() || line.startsWith("#")) {
            return;
        }
        int bar = line.indexOf('|');
        int space = line.indexOf(' ');
        if (space < 0 || bar < space) {
            throw new AssertionError("malformed line in " + RESOURCE + ": " + line);
        }
        String module = line.substring(0, space);
        String name = line.substring(space + 1, bar).strip();
        String reason = line.substring(bar + 1).strip();
        if (name.equals("*")) {
            byModule.put(module, reason);
        } else if (name.equals("**")) {
            byPackage.put(module, reason);
        } else {
            byGlobal.put(module + " " + name, reason);
        }
    }

    /** Why a global is dangerous, or empty. */
    Optional<String> reason(Global written) {
        Global global = PythonNames.modern(written);
        String reason = byGlobal.get(global.module() + " " + global.name());
        if (reason == null) {
            reason = byModule.get(global.module());
        }
        String module = global.module();
        while (reason == null && !module.isEmpty()) {
            reason = byPackage.get(module);
            module = module.contains(".") ? module.substring(0, module.lastIndexOf('.')) : "";
        }
        return Optional.ofNullable(reason);
    }
}
