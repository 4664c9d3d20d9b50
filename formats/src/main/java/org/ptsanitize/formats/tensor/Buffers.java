package org.ptsanitize.formats.tensor;

/**
 * How much memory a gather uses.
 *
 * @param block bytes of output in memory at a time
 * @param wideBlock the same where elements lie so far apart that reading them is most of the work
 * @param window bytes of the source in memory at a time
 * @param wideWindow the same where a smaller window holds short runs of the output only
 * @param gap skipping this many bytes or more by a second read is cheaper than reading them
 * @param slice bytes of output handed to the sink at a time
 */
record Buffers(int block, int wideBlock, int window, int wideWindow, int gap, int slice) {
    static final Buffers DEFAULT = new Buffers(3 << 20, 32 << 20, 512 << 10, 2 << 20, 4 << 10, 256 << 10);

    Buffers withWindow(int newWindow) {
        return new Buffers(block, wideBlock, newWindow, wideWindow, gap, slice);
    }
}
