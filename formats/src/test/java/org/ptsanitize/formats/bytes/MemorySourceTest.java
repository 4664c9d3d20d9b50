package org.ptsanitize.formats.bytes;

class MemorySourceTest extends ByteSourceContract {
    @Override
    protected ByteSource open(byte[] content) {
        return MemorySource.of("memory", content);
    }
}
