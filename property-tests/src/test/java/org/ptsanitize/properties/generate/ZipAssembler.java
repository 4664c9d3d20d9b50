package org.ptsanitize.properties.generate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.ptsanitize.properties.generate.ZipStyle.ByteOrderRecord;

/** Writes a sample as a torch zip: the pickle, one record for each storage, the version, perhaps the byte order. */
public final class ZipAssembler {
    private final Map<SampleStorage, String> keys = new IdentityHashMap<>();
    private final List<SampleStorage> storages = new ArrayList<>();
    private final Random random;
    private int nextKey;

    private ZipAssembler(Random random) {
        this.random = random;
    }

    public static byte[] assemble(Sample root, ZipStyle style, Random random) {
        return assemble(root, style, random, UnaryOperator.identity());
    }

    /** The same with another pickle in place of the right one; the zip around it is valid. */
    static byte[] assemble(Sample root, ZipStyle style, Random random, UnaryOperator<byte[]> spoil) {
        return new ZipAssembler(random).file(root, style, spoil);
    }

    private byte[] file(Sample root, ZipStyle style, UnaryOperator<byte[]> spoil) {
        ZipRecords zip = new ZipRecords(style);
        List<Runnable> records = new ArrayList<>();
        byte[] pickle = spoil.apply(PickleAssembler.assemble(root, style.pickle(), random, this::id));
        records.add(() -> zip.add("data.pkl", pickle, style.deflated()));
        if (style.byteOrder() == ByteOrderRecord.LITTLE) {
            records.add(() -> zip.add("byteorder", "little".getBytes(StandardCharsets.US_ASCII), false));
        } else if (style.byteOrder() == ByteOrderRecord.BIG) {
            records.add(() -> zip.add("byteorder", "big".getBytes(StandardCharsets.US_ASCII), false));
        }
        for (SampleStorage storage : storages) {
            byte[] bytes = style.byteOrder() == ByteOrderRecord.BIG ? storage.bigEndian() : storage.littleEndian();
            records.add(() -> zip.add("data/" + keys.get(storage), bytes, false));
        }
        records.add(() -> zip.add("version", "3\n".getBytes(StandardCharsets.US_ASCII), false));
        if (style.shuffled()) {
            Collections.shuffle(records, random);
        }
        records.forEach(Runnable::run);
        return zip.finish();
    }

    private Sample.Sequence id(SampleStorage storage) {
        String key = keys.computeIfAbsent(storage, unknown -> {
            storages.add(unknown);
            nextKey += random.nextInt(12) == 0 ? 2 : 1;
            return Integer.toString(nextKey - 1);
        });
        return Sample.Sequence.tuple(
                new Sample.Text("storage"),
                storage.type(),
                new Sample.Text(key),
                new Sample.Text(random.nextInt(6) == 0 ? "cuda:0" : "cpu"),
                Sample.Int.of(storage.unitsOf(storage.elements())));
    }
}
