package org.ptsanitize.properties.generate;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ptsanitize.properties.generate.Sample.Sequence.Kind;

/** Writes a sample as the stream that {@code torch.save} wrote up to 1.5: five pickles, then the storages. */
public final class LegacyAssembler {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final int VERSION = 1001;
    private static final long FIRST_KEY = 94_320_066_613_808L;

    private final LegacyStyle style;
    private final Random random;
    private final Map<SampleStorage, Sample.Text> keys = new IdentityHashMap<>();
    private final List<SampleStorage> roots = new ArrayList<>();

    private LegacyAssembler(LegacyStyle style, Random random) {
        this.style = style;
        this.random = random;
    }

    public static byte[] assemble(Sample root, LegacyStyle style, Random random) {
        return new LegacyAssembler(style, random).file(root);
    }

    private byte[] file(Sample root) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(pickle(new Sample.Int(MAGIC)));
        out.writeBytes(pickle(Sample.Int.of(VERSION)));
        out.writeBytes(pickle(systemInfo()));
        out.writeBytes(PickleAssembler.assemble(root, style.pickle(), random, this::id));
        Collections.shuffle(roots, random);
        List<Sample.Text> order = roots.stream().map(keys::get).toList();
        out.writeBytes(pickle(Sample.Sequence.of(Kind.LIST, order)));
        for (SampleStorage storage : roots) {
            out.writeBytes(Ops.i8(storage.unitsOf(storage.elements())));
            out.writeBytes(storage.littleEndian());
        }
        return out.toByteArray();
    }

    private byte[] pickle(Sample sample) {
        return PickleAssembler.assemble(sample, style.pickle(), random);
    }

    private Sample systemInfo() {
        Sample sizes = Sample.Mapping.dict()
                .put("short", Sample.Int.of(2))
                .put("int", Sample.Int.of(4))
                .put("long", Sample.Int.of(random.nextBoolean() ? 4 : 8));
        return Sample.Mapping.dict()
                .put("protocol_version", Sample.Int.of(VERSION))
                .put("little_endian", new Sample.Bool(true))
                .put("type_sizes", sizes);
    }

    private Sample.Sequence id(SampleStorage storage) {
        if (style.shortIds() || storage.root().isEmpty()) {
            List<Sample> id = new ArrayList<>(reference(storage));
            if (!style.shortIds()) {
                id.add(Sample.None.NONE);
            }
            return Sample.Sequence.of(Kind.TUPLE, id);
        }
        SampleStorage root = storage.root().get();
        List<Sample> id = new ArrayList<>(reference(root));
        id.add(Sample.Sequence.tuple(
                keys.computeIfAbsent(storage, unknown -> newKey()),
                Sample.Int.of(root.unitsOf(storage.rootOffset())),
                Sample.Int.of(root.unitsOf(storage.elements()))));
        return Sample.Sequence.of(Kind.TUPLE, id);
    }

    /** The first five items of an id, which name a storage that is in the file by itself. */
    private List<Sample> reference(SampleStorage storage) {
        Sample.Text key = keys.computeIfAbsent(storage, unknown -> {
            roots.add(unknown);
            return newKey();
        });
        return List.of(
                new Sample.Text("storage"),
                storage.type(),
                key,
                new Sample.Text(random.nextInt(6) == 0 ? "cuda:0" : "cpu"),
                Sample.Int.of(storage.unitsOf(storage.elements())));
    }

    private Sample.Text newKey() {
        return new Sample.Text(Long.toString(FIRST_KEY + 112L * keys.size()));
    }
}
