package org.ptsanitize.formats.safetensors;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;

/** Characters for a JSON reader, which collects a text in memory however long it is: the guard ends that at a limit. */
final class TokenGuard extends FilterReader {
    private final Budget budget;
    private long sinceToken;
    private long total;

    TokenGuard(Reader in, Budget budget) {
        super(in);
        this.budget = budget;
    }

    /** Says that a token is complete. */
    void next() {
        sinceToken = 0;
    }

    /** About where in the file the reader is: it reads a little ahead, and a character may be several bytes. */
    long offset() {
        return SafetensorsHeader.PREFIX + total;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        budget.check(Limit.TEXT, sinceToken, "safetensors header");
        int count = super.read(buffer, offset, length);
        sinceToken += Math.max(0, count);
        total += Math.max(0, count);
        return count;
    }
}
