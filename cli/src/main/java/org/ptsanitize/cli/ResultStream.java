package org.ptsanitize.cli;

import java.io.IOException;
import java.io.OutputStream;

/** Standard output, which tells afterwards whether its reader had gone. */
final class ResultStream extends OutputStream {
    private final OutputStream out;
    private boolean unread;

    ResultStream(OutputStream out) {
        this.out = out;
    }

    /** Whether writing failed because the other end of the pipe was closed: no failure of ours. */
    boolean isUnread() {
        return unread;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            unread |= String.valueOf(e.getMessage()).contains("Broken pipe");
            throw e;
        }
    }
}
