package org.ptsanitize.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.formats.pickle.PickleWriter;

/** The pickle of a state dict as {@code torch.save} spells it: globals and repeated texts come from the memo. */
final class StatePickle {
    private static final int BATCH = 1000;
    private static final int REBUILD = 0;
    private static final int STORAGE_CLASS = 1;
    private static final int STORAGE = 2;
    private static final int CPU = 3;
    private static final int ORDERED_DICT = 4;

    private final PickleWriter out;
    private final boolean legacy;
    private final List<Boolean> memo = new ArrayList<>(List.of(false, false, false, false, false));

    /** @param legacy whether ids of storages have the sixth item of the old stream */
    private StatePickle(OutputStream stream, boolean legacy) {
        this.out = new PickleWriter(stream);
        this.legacy = legacy;
    }

    static void write(Tensors tensors, boolean legacy, OutputStream stream) throws IOException {
        new StatePickle(stream, legacy).write(tensors.list());
    }

    private void write(List<Tensors.Tensor> tensors) throws IOException {
        out.proto();
        out.emptyDict();
        for (int i = 0; i < tensors.size(); i++) {
            if (i % BATCH == 0) {
                out.mark();
            }
            out.text(tensors.get(i).name());
            tensor(i, tensors.get(i));
            if (i % BATCH == BATCH - 1 || i == tensors.size() - 1) {
                out.setItems();
            }
        }
        out.stop();
    }

    private void tensor(int key, Tensors.Tensor tensor) throws IOException {
        global(REBUILD, "torch._utils", "_rebuild_tensor_v2");
        out.mark();
        out.mark();
        text(STORAGE, "storage");
        global(STORAGE_CLASS, "torch", "BFloat16Storage");
        out.text(Integer.toString(key));
        text(CPU, "cpu");
        out.integer(tensor.elements());
        if (legacy) {
            out.none();
        }
        out.tuple();
        out.persistentId();
        out.integer(0);
        numbers(tensor.sizes());
        numbers(tensor.strides());
        out.bool(false);
        global(ORDERED_DICT, "collections", "OrderedDict");
        out.emptyTuple();
        out.reduce();
        out.tuple();
        out.reduce();
    }

    private void numbers(long[] values) throws IOException {
        out.mark();
        for (long value : values) {
            out.integer(value);
        }
        out.tuple();
    }

    private void global(int index, String module, String name) throws IOException {
        if (isKnown(index)) {
            out.get(index);
        } else {
            out.global(module, name);
            out.put(index);
        }
    }

    private void text(int index, String text) throws IOException {
        if (isKnown(index)) {
            out.get(index);
        } else {
            out.text(text);
            out.put(index);
        }
    }

    private boolean isKnown(int index) {
        return memo.set(index, true);
    }
}
