package org.ptsanitize.formats.pickle;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.MalformedFileException;

/**
 * The memo: values by index, 0 to 2^32 - 1. Indexes that are dense, as every honest pickler's are, live in pages; those
 * far beyond the number of entries live in a map, so that an index costs nothing by being large.
 */
final class Memo {
    static final long LAST_INDEX = 0xffff_ffffL;

    private static final int PAGE = 1 << 10;
    private static final int PAGE_BITS = 10;
    /** Pages cost less than map entries as long as one index in so many is used. */
    private static final int DENSITY = 8;

    private static final long MAP_ENTRY = Meter.object(6, 8) + Meter.object(0, 8) + Meter.REFERENCE * 2L;

    private static final long PAGE_BYTES = Meter.array(PAGE) + Meter.object(1, 0);

    private final Meter meter;
    private @Nullable Page[] pages = new @Nullable Page[16];
    private final Map<Long, PickleValue> sparse = new HashMap<>();
    private long size;
    private long heap;

    Memo(Meter meter) {
        this.meter = meter;
    }

    /** The number of distinct indexes. */
    long size() {
        return size;
    }

    void put(long index, PickleValue value) throws LimitExceededException {
        if (index > DENSITY * size + PAGE) {
            putSparse(index, value);
            return;
        }
        Page page = page((int) (index >> PAGE_BITS));
        int slot = slot(index);
        if (page.values[slot] == null && (sparse.isEmpty() || sparse.remove(index) == null)) {
            size++;
        }
        page.values[slot] = value;
    }

    PickleValue get(long index) throws MalformedFileException {
        long number = index >> PAGE_BITS;
        Page page = number < pages.length ? pages[(int) number] : null;
        PickleValue value = page == null ? null : page.values[slot(index)];
        if (value == null && !sparse.isEmpty()) {
            value = sparse.get(index);
        }
        if (value == null) {
            throw meter.malformed(meter.opcode() + " of memo entry " + index + ", which was never put");
        }
        return value;
    }

    /** Such an index is in no page: what is dense once stays dense. */
    private void putSparse(long index, PickleValue value) throws LimitExceededException {
        if (sparse.put(index, value) == null) {
            take(MAP_ENTRY);
            size++;
        }
    }

    private Page page(int number) throws LimitExceededException {
        if (number >= pages.length) {
            int length = meter.grown(pages.length, number + 1L);
            take(Meter.array(length));
            int before = pages.length;
            pages = Arrays.copyOf(pages, length);
            take(-Meter.array(before));
        }
        Page page = pages[number];
        if (page == null) {
            take(PAGE_BYTES);
            page = new Page();
            pages[number] = page;
        }
        return page;
    }

    private void take(long bytes) throws LimitExceededException {
        meter.take(bytes);
        heap += bytes;
    }

    /** Bytes that have been paid for. */
    long heap() {
        return heap;
    }

    private static int slot(long index) {
        return (int) index & (PAGE - 1);
    }

    private static final class Page {
        private final @Nullable PickleValue[] values = new @Nullable PickleValue[PAGE];
    }
}
