package org.ptsanitize.cli;

import picocli.CommandLine.Option;

/** Whether results are coloured. */
final class ColorOption {
    @Option(
            names = "--color",
            paramLabel = "WHEN",
            description = "auto (default: on a terminal, unless NO_COLOR is set), always or never.")
    private When color = When.AUTO;

    Style style(Terminal terminal) {
        return new Style(
                switch (color) {
                    case AUTO -> terminal.isInteractive() && !terminal.refusesColour();
                    case ALWAYS -> true;
                    case NEVER -> false;
                });
    }
}
