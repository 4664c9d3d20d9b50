package org.ptsanitize.cli;

/** When something is done that depends on where the output goes. */
enum When {
    /** As it fits the terminal, file or pipe. */
    AUTO,
    ALWAYS,
    NEVER
}
