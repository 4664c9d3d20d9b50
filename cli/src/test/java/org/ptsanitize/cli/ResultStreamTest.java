package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class ResultStreamTest {
    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @Test
    void whatIsWrittenGoesOn() throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (ResultStream stream = new ResultStream(written)) {
            stream.write(1);
            stream.write(new byte[] {2, 3, 4}, 1, 2);
            assertEquals(false, stream.isUnread());
        }
        assertArrayEquals(new byte[] {1, 3, 4}, written.toByteArray());
    }

    @Test
    void onlyAClosedPipeIsNoFailure() throws IOException {
        try (ResultStream closed = new ResultStream(failing("Broken pipe"));
                ResultStream full = new ResultStream(failing("No space left on device"))) {
            assertThrows(IOException.class, () -> closed.write(1));
            assertEquals(true, closed.isUnread());
            assertThrows(IOException.class, () -> full.write(1));
            assertEquals(false, full.isUnread());
        }
    }
}
