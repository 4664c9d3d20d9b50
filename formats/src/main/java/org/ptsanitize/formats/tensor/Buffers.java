package org.ptsanitize.formats.tensor;

/**
 * How much memory a gather uses.
 *
 * @param block bytes of output in memory at a time
 * @param wideBlock the same where elements lie so far apart that reading them is most of the work
 * @param window bytes of the source in memory at a time
 * @param gap skipping this many bytes or more by a second read is cheaper than reading them
 */
record Buffers(int block, int wideBlock, int window, int gap) {
    static final Buffers DEFAULT = new Buffers(3 << 20, 32 << 20, 512 << 10, 4 << 10);
}
