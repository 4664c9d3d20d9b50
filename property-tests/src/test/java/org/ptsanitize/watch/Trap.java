package org.ptsanitize.watch;

/** A class that inputs name. Nothing may load it. */
public final class Trap {
    private Trap() {}

    public static int run() {
        return 1;
    }
}
