package org.ptsanitize.cli;

import java.util.function.Consumer;

/** Takes many lines of a result and hands them on in blocks, until nobody reads them any more. */
final class Lines implements Consumer<String>, AutoCloseable {
    private static final int BLOCK = 1 << 16;

    private final Terminal terminal;
    private final StringBuilder waiting = new StringBuilder();

    Lines(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The reader of the results has gone, as {@code head} does: there is nobody to go on for. */
    static final class Unread extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unread() {
            super("nobody reads the results", null, false, false);
        }
    }

    @Override
    public void accept(String line) {
        waiting.append(line).append('\n');
        if (waiting.length() > BLOCK) {
            close();
            if (terminal.out().checkError()) {
                throw new Unread();
            }
        }
    }

    @Override
    public void close() {
        terminal.out().print(waiting);
        waiting.setLength(0);
    }
}
