package org.ptsanitize.converter.inspect;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.checkpoint.PickledPart;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleListing;

/** The pickles of a checkpoint as their opcodes: {@code offset: OPCODE argument}, one a line. */
final class PickleText {
    private static final int AROUND = 12;

    private final Consumer<String> out;
    private final Budget budget;

    PickleText(Consumer<String> out, Budget budget) {
        this.out = out;
        this.budget = budget;
    }

    /** Every opcode of every pickle. */
    void all(List<PickledPart> parts) throws IOException {
        for (PickledPart part : parts) {
            if (part.pickle().end() > part.pickle().start()) {
                heading(part);
                list(part, out);
            }
        }
    }

    /** The opcodes around one, which is marked. */
    void around(PickledPart part, long offset) throws IOException {
        heading(part);
        Window window = new Window(offset);
        list(part, window);
        window.flush();
    }

    private void heading(PickledPart part) {
        Pickle pickle = part.pickle();
        out.accept("# " + Escaped.text(part.name(), 200) + ", protocol " + pickle.protocol() + ", bytes "
                + pickle.start() + " to " + pickle.end());
    }

    /** Arrays that joblib put between opcodes end a listing: they are no opcodes. */
    private void list(PickledPart part, Consumer<String> lines) throws IOException {
        try {
            PickleListing.write(part.pickle().source(), part.pickle().start(), budget, new Lines(lines));
        } catch (FileFormatException e) {
            lines.accept("# " + e.getMessage());
        }
    }

    /** Hands on what is appended, line by line. */
    private static final class Lines implements Appendable {
        private final Consumer<String> lines;
        private final StringBuilder line = new StringBuilder();

        Lines(Consumer<String> lines) {
            this.lines = lines;
        }

        @Override
        public Appendable append(CharSequence text) {
            for (int i = 0; i < text.length(); i++) {
                append(text.charAt(i));
            }
            return this;
        }

        @Override
        public Appendable append(CharSequence text, int start, int end) {
            return append(text.subSequence(start, end));
        }

        @Override
        public Appendable append(char c) {
            if (c == '\n') {
                lines.accept(line.toString());
                line.setLength(0);
            } else {
                line.append(c);
            }
            return this;
        }
    }

    /** Lets through the lines around an offset. */
    private final class Window implements Consumer<String> {
        private final long offset;
        private final Deque<String> before = new ArrayDeque<>();
        private int after = -1;

        Window(long offset) {
            this.offset = offset;
        }

        @Override
        public void accept(String line) {
            if (line.startsWith(offset + ":")) {
                flush();
                out.accept("> " + line);
                after = AROUND;
            } else if (after > 0) {
                after--;
                out.accept("  " + line);
            } else if (after < 0) {
                before.addLast(line);
                if (before.size() > AROUND) {
                    before.removeFirst();
                }
            }
        }

        void flush() {
            while (after < 0 && !before.isEmpty()) {
                out.accept("  " + before.removeFirst());
            }
        }
    }
}
