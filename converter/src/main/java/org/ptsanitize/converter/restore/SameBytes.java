package org.ptsanitize.converter.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ptsanitize.formats.bytes.ByteSource;

/** Compares the bytes of two sources. */
final class SameBytes {
    private static final int BLOCK = 1 << 18;

    private SameBytes() {}

    static boolean in(ByteSource left, ByteSource right) throws IOException {
        if (left.size() != right.size()) {
            return false;
        }
        ByteBuffer one = ByteBuffer.allocate((int) Math.min(BLOCK, left.size()));
        ByteBuffer two = ByteBuffer.allocate(one.capacity());
        for (long done = 0; done < left.size(); done += one.limit()) {
            int length = (int) Math.min(one.capacity(), left.size() - done);
            left.readFully(done, one.clear().limit(length));
            right.readFully(done, two.clear().limit(length));
            if (!one.flip().equals(two.flip())) {
                return false;
            }
        }
        return true;
    }
}
