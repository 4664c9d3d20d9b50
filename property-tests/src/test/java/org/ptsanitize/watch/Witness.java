package org.ptsanitize.watch;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes down what the watched methods are called with, a line each. The bootstrap loader loads it, so that they see it. */
public final class Witness {
    private static @Nullable FileOutputStream file;

    private Witness() {}

    /** Opens the file of the record. Until then nothing is taken down. */
    public static synchronized void open(String path) throws IOException {
        file = new FileOutputStream(path);
    }

    /** Called at the begin of a watched method. */
    public static synchronized void saw(String what, @Nullable Object argument) {
        FileOutputStream out = file;
        if (out == null) {
            return;
        }
        String text = argument instanceof Object[] several ? Arrays.toString(several) : String.valueOf(argument);
        try {
            out.write((what + ' ' + text.replace("\n", "\\n") + '\n').getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
