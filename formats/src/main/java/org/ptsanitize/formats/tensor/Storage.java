package org.ptsanitize.formats.tensor;

import java.nio.ByteOrder;
import org.ptsanitize.formats.bytes.ByteSource;

/**
 * The flat bytes that tensors are views of. Compared by identity: two views share memory exactly if they hold the same
 * storage. The bytes stay in the input.
 */
public final class Storage {
    private final String key;
    private final ByteSource bytes;
    private final ByteOrder byteOrder;

    public Storage(String key, ByteSource bytes, ByteOrder byteOrder) {
        this.key = key;
        this.bytes = bytes;
        this.byteOrder = byteOrder;
    }

    /** How the container calls this storage; for messages. */
    public String key() {
        return key;
    }

    public ByteSource bytes() {
        return bytes;
    }

    /** Length in bytes. */
    public long size() {
        return bytes.size();
    }

    /** Byte order of the elements. */
    public ByteOrder byteOrder() {
        return byteOrder;
    }
}
