package org.ptsanitize.watch;

/** A class that inputs name. Nothing may load it. */
public final class Trap {
    private Trap() {}

    public static void run() {
        throw new AssertionError("a class that an input names was called");
    }
}
