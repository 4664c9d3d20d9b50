package org.ptsanitize.formats.bytes;

import java.io.IOException;

class SliceSourceTest extends ByteSourceContract {
    @Override
    protected ByteSource open(byte[] content) throws IOException {
        byte[] larger = new byte[content.length + 77];
        System.arraycopy(content, 0, larger, 33, content.length);
        return MemorySource.of("memory", larger).slice("slice", 33, content.length);
    }
}
