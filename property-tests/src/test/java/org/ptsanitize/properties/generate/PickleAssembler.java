package org.ptsanitize.properties.generate;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.ptsanitize.properties.generate.Sample.Sequence.Kind;

/**
 * Writes a {@link Sample} as a pickle, choosing at random between the spellings that mean the same. Makes one pickle;
 * the same sample, style and random seed give the same bytes.
 */
public final class PickleAssembler {
    private static final int PROTO = 0x80;
    private static final int NEWOBJ = 0x81;
    private static final int TUPLE_1 = 0x85;
    private static final int EMPTY_SET = 0x8f;
    private static final int ADD_ITEMS = 0x90;
    private static final int STACK_GLOBAL = 0x93;
    private static final int MEMOIZE = 0x94;

    private final PickleStyle style;
    private final Random random;
    private final TensorCalls tensors;
    private final Ops ops = new Ops();
    private final LeafOps leaves;
    private final Map<Sample, Integer> uses = new IdentityHashMap<>();
    private final Map<Sample, Integer> memo = new IdentityHashMap<>();
    private final Map<Sample, Integer> memoOfEquals = new HashMap<>();
    private int memoSize;

    private PickleAssembler(PickleStyle style, Random random, Function<SampleStorage, Sample.Sequence> ids) {
        this.style = style;
        this.random = random;
        this.tensors = new TensorCalls(random, ids);
        this.leaves = new LeafOps(style, random, ops);
    }

    /**
     * The pickle of a sample.
     *
     * @param ids gives the persistent id of each storage
     */
    public static byte[] assemble(
            Sample root, PickleStyle style, Random random, Function<SampleStorage, Sample.Sequence> ids) {
        PickleAssembler assembler = new PickleAssembler(style, random, ids);
        assembler.count(root);
        if (style.protocol() >= 2) {
            assembler.ops.op(PROTO, Ops.u1(style.protocol()));
        }
        assembler.write(root);
        assembler.ops.op('.');
        return style.framed() ? assembler.ops.framed(random) : assembler.ops.bytes();
    }

    /** The pickle of a sample without storages. */
    static byte[] assemble(Sample root, PickleStyle style, Random random) {
        return assemble(root, style, random, storage -> {
            throw new IllegalArgumentException("a storage in a pickle without storages");
        });
    }

    /** Counts how often each node is met, so that shared ones go to the memo. */
    private void count(Sample sample) {
        if (uses.merge(sample, 1, Integer::sum) > 1) {
            return;
        }
        if (sample instanceof Sample.Sequence sequence) {
            sequence.items().forEach(this::count);
        } else if (sample instanceof Sample.Mapping mapping) {
            mapping.entries().forEach(entry -> {
                count(entry.key());
                count(entry.value());
            });
            mapping.metadata().ifPresent(this::count);
        } else if (sample instanceof Sample.Parameter parameter) {
            count(parameter.tensor());
        } else if (sample instanceof Sample.Instance instance) {
            count(instance.arguments());
            instance.state().ifPresent(this::count);
        }
    }

    private void write(Sample sample) {
        if (memo.containsKey(sample)) {
            get(memo.get(sample));
        } else if (sample instanceof Sample.Sequence sequence) {
            writeSequence(sequence);
        } else if (sample instanceof Sample.Mapping mapping) {
            writeMapping(mapping);
        } else if (sample instanceof Sample.Tensor tensor) {
            write(tensors.of(tensor));
            remember(sample);
        } else if (sample instanceof Sample.Parameter parameter) {
            writeParameter(parameter);
        } else if (sample instanceof Sample.Instance instance) {
            writeInstance(instance);
        } else if (sample instanceof Sample.Call call) {
            write(call.function());
            write(call.arguments());
            ops.op('R');
        } else if (sample instanceof Sample.Persistent persistent) {
            write(persistent.id());
            ops.op('Q');
        } else {
            writeLeaf(sample);
        }
    }

    private void writeLeaf(Sample sample) {
        boolean repeatable = sample instanceof Sample.Text || sample instanceof Sample.Global;
        if (repeatable && memoOfEquals.containsKey(sample) && random.nextInt(4) > 0) {
            get(memoOfEquals.get(sample));
            return;
        }
        Optional<Sample> call = leaves.callFor(sample);
        if (call.isPresent()) {
            write(call.get());
        } else if (sample instanceof Sample.Global global) {
            writeGlobal(global);
        } else {
            leaves.write(sample);
        }
        if (repeatable && random.nextInt(3) > 0) {
            memoOfEquals.put(sample, put());
        } else if (uses.getOrDefault(sample, 0) > 1 || busy()) {
            memo.put(sample, put());
        }
    }

    private void writeGlobal(Sample.Global global) {
        if (style.protocol() >= 4 && !(style.exotic() && random.nextBoolean())) {
            writeLeaf(new Sample.Text(global.module()));
            writeLeaf(new Sample.Text(global.name()));
            ops.op(STACK_GLOBAL);
        } else {
            ops.op('c', Ops.line(global.module()), Ops.line(global.name()));
        }
    }

    private void writeSequence(Sample.Sequence sequence) {
        switch (sequence.kind()) {
            case LIST -> writeList(sequence);
            case TUPLE -> writeTuple(sequence);
            case SET -> writeSet(sequence);
        }
    }

    private void writeList(Sample.Sequence list) {
        if (isWholeAtOnce(list)) {
            ops.op('(');
            list.items().forEach(this::write);
            ops.op('l');
            remember(list);
            return;
        }
        writeEmpty(']', 'l');
        remember(list);
        batches(list.items().size(), 'a', 'e', i -> write(list.items().get(i)));
    }

    /** Whether a container is written behind its items, as old pickles do; one that may hold itself cannot be. */
    private boolean isWholeAtOnce(Sample container) {
        return (style.exotic() || style.protocol() == 0) && uses.getOrDefault(container, 0) < 2 && random.nextBoolean();
    }

    private void writeEmpty(char empty, char ofMark) {
        if (style.protocol() == 0) {
            ops.op('(');
            ops.op(ofMark);
        } else {
            ops.op(empty);
        }
    }

    /** Items one by one or in batches behind a mark. */
    private void batches(int count, char one, char many, java.util.function.IntConsumer item) {
        int next = 0;
        while (next < count) {
            boolean single =
                    style.protocol() == 0 || random.nextInt(4) == 0 || (next == count - 1 && random.nextInt(3) > 0);
            if (single) {
                item.accept(next++);
                ops.op(one);
            } else {
                int end = random.nextInt(3) > 0 ? count : next + random.nextInt(count - next + 1);
                ops.op('(');
                while (next < end) {
                    item.accept(next++);
                }
                ops.op(many);
            }
        }
    }

    private void writeTuple(Sample.Sequence tuple) {
        int size = tuple.items().size();
        if (size == 0 && style.protocol() > 0) {
            ops.op(')');
        } else if (size >= 1 && size <= 3 && style.protocol() >= 2 && random.nextInt(4) > 0) {
            tuple.items().forEach(this::write);
            ops.op(TUPLE_1 + size - 1);
        } else {
            ops.op('(');
            tuple.items().forEach(this::write);
            ops.op('t');
        }
        remember(tuple);
    }

    private void writeSet(Sample.Sequence set) {
        if (style.protocol() >= 4) {
            ops.op(EMPTY_SET);
            remember(set);
            ops.op('(');
            set.items().forEach(this::write);
            ops.op(ADD_ITEMS);
        } else {
            write(new Sample.Call(leaves.builtin("set"), Sample.Sequence.of(Kind.LIST, set.items())));
            remember(set);
        }
    }

    private void writeMapping(Sample.Mapping mapping) {
        if (mapping.isOrdered()) {
            write(new Sample.Call(new Sample.Global("collections", "OrderedDict")));
        } else if (isWholeAtOnce(mapping)) {
            ops.op('(');
            mapping.entries().forEach(this::writeEntry);
            ops.op('d');
            remember(mapping);
            return;
        } else {
            writeEmpty('}', 'd');
        }
        remember(mapping);
        List<Sample.Entry> entries = mapping.entries();
        batches(entries.size(), 's', 'u', i -> writeEntry(entries.get(i)));
        if (mapping.metadata().isPresent()) {
            write(Sample.Mapping.dict().put("_metadata", mapping.metadata().get()));
            ops.op('b');
        }
    }

    private void writeEntry(Sample.Entry entry) {
        write(entry.key());
        write(entry.value());
    }

    private void writeParameter(Sample.Parameter parameter) {
        write(new Sample.Global("torch._utils", "_rebuild_parameter"));
        ops.op('(');
        write(parameter.tensor());
        write(new Sample.Bool(TensorCalls.canRequireGrad(parameter.tensor().dtype())));
        write(new Sample.Call(new Sample.Global("collections", "OrderedDict")));
        ops.op('t');
        ops.op('R');
        remember(parameter);
    }

    private void writeInstance(Sample.Instance instance) {
        write(instance.type());
        write(instance.arguments());
        if (instance.isCall() || style.protocol() < 2) {
            ops.op('R');
        } else {
            ops.op(NEWOBJ);
        }
        remember(instance);
        if (instance.state().isPresent()) {
            write(instance.state().get());
            ops.op('b');
        }
    }

    private void remember(Sample sample) {
        if (uses.getOrDefault(sample, 0) > 1 || busy()) {
            memo.put(sample, put());
        }
    }

    private boolean busy() {
        return style.busyMemo() && random.nextInt(3) > 0;
    }

    /** Puts the top of the stack in the memo; returns where. */
    private int put() {
        if (style.memoize()) {
            ops.op(MEMOIZE);
            return memoSize++;
        }
        if (random.nextInt(10) == 0) {
            memoSize += random.nextInt(100);
        }
        int index = memoSize++;
        if (style.protocol() == 0 || (style.exotic() && random.nextInt(3) == 0)) {
            ops.op('p', Ops.line(Integer.toString(index)));
        } else if (index < 256 && random.nextInt(8) > 0) {
            ops.op('q', Ops.u1(index));
        } else {
            ops.op('r', Ops.i4(index));
        }
        return index;
    }

    private void get(int index) {
        if (style.protocol() == 0 || (style.exotic() && random.nextInt(3) == 0)) {
            ops.op('g', Ops.line(Integer.toString(index)));
        } else if (index < 256 && random.nextInt(8) > 0) {
            ops.op('h', Ops.u1(index));
        } else {
            ops.op('j', Ops.i4(index));
        }
    }
}
