package org.ptsanitize.cli;

/** How the program ends. */
enum ExitCode {
    /** Done. */
    OK(0),
    /** With {@code --strict}, something would be lost. */
    FINDINGS(1),
    /** The input was rejected. */
    REJECTED(2),
    /** There is nothing to do: no tensors. */
    NOTHING(3),
    /** The command line makes no sense. */
    USAGE(4),
    /** Reading or writing failed, or the output, read back, was not what it should be. */
    IO(5);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
