package org.ptsanitize.formats.pickle;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/** The machine's values and marks. As in CPython, nothing but an opcode that ends a mark reaches below the last one. */
final class OperandStack {
    private final Meter meter;
    private @Nullable PickleValue[] values = new @Nullable PickleValue[64];
    private int size;
    private int[] marks = new int[16];
    private int markCount;
    /** The position of the last mark, 0 if there is none: values below it are out of reach. */
    private int fence;

    OperandStack(Meter meter) throws LimitExceededException {
        this.meter = meter;
        meter.take(heap());
    }

    void push(PickleValue value) throws LimitExceededException {
        if (size == values.length) {
            int length = meter.grown(size, size + 1L);
            meter.take(Meter.array(length));
            values = Arrays.copyOf(values, length);
            meter.release(Meter.array(size));
        }
        values[size++] = value;
    }

    PickleValue pop() throws MalformedFileException {
        PickleValue value = top();
        values[--size] = null;
        return value;
    }

    PickleValue top() throws MalformedFileException {
        if (size <= fence) {
            throw underflow();
        }
        return valueAt(size - 1);
    }

    /** Takes off a mark if that is on top, else a value. */
    void popValueOrMark() throws MalformedFileException {
        if (markCount > 0 && marks[markCount - 1] == size) {
            popMark();
        } else {
            pop();
        }
    }

    void mark() throws LimitExceededException {
        if (markCount == marks.length) {
            int length = meter.grown(markCount, markCount + 1L);
            meter.take(Meter.aligned(16 + 4L * length));
            marks = Arrays.copyOf(marks, length);
            meter.release(Meter.aligned(16 + 4L * markCount));
        }
        marks[markCount++] = size;
        fence = size;
    }

    /** Takes off the last mark and returns its position: the values from there on were pushed after it. */
    int popMark() throws MalformedFileException {
        if (markCount == 0) {
            throw meter.malformed(meter.opcode() + " without a MARK");
        }
        int position = marks[--markCount];
        fence = markCount == 0 ? 0 : marks[markCount - 1];
        return position;
    }

    int size() {
        return size;
    }

    /** The index of the last {@code count} values. */
    int last(int count) throws MalformedFileException {
        if (size - count < fence) {
            throw underflow();
        }
        return size - count;
    }

    /** The value at an index below {@link #size}. */
    PickleValue get(int index) {
        return valueAt(index);
    }

    /** The value under a mark that was just taken off. */
    PickleValue below(int start) throws MalformedFileException {
        if (start <= fence) {
            throw meter.malformed(meter.opcode() + " with nothing under its MARK");
        }
        return valueAt(start - 1);
    }

    /** Takes off all values from {@code start} on into an array of their own, which is paid for. */
    PickleValue[] popFrom(int start) throws LimitExceededException {
        int count = size - start;
        meter.take(Meter.array(count));
        PickleValue[] taken = new PickleValue[count];
        System.arraycopy(values, start, taken, 0, count);
        drop(start);
        return taken;
    }

    /** The cache slot of the values from {@code start} on, or −1 if they are no short run of integers. */
    int shapeSlot(ShapeCache shapes, int start) {
        return shapes.slot(values, start, size);
    }

    /** The tuple of the values from {@code start} on, if the cache holds it. */
    @Nullable
    Tuple findShape(ShapeCache shapes, int slot, int start) {
        return shapes.find(slot, values, start, size);
    }

    /** Takes off all values from {@code start} on. */
    void drop(int start) {
        Arrays.fill(values, start, size, null);
        size = start;
    }

    /** Bytes that have been paid for. */
    long heap() {
        return Meter.array(values.length) + Meter.aligned(16 + 4L * marks.length);
    }

    private MalformedFileException underflow() {
        return meter.malformed(meter.opcode()
                + (markCount == 0
                        ? " needs more values than the stack holds"
                        : " needs more values than there are above the last MARK"));
    }

    private PickleValue valueAt(int index) {
        PickleValue value = values[index];
        if (value == null) {
            throw new AssertionError("no value at " + index + " of " + size);
        }
        return value;
    }
}
