package org.ptsanitize.properties.generate;

import java.util.List;
import java.util.Random;

/**
 * How a torch zip is laid out.
 *
 * @param pickle how the object graph is spelled
 * @param root the folder of all records
 * @param byteOrder what the record of that name says
 * @param deflated whether the pickle is compressed
 * @param descriptors whether sizes and checksums follow the data, as torch writes them
 * @param zip64 whether all sizes are 64-bit
 * @param alignment where the data of a record may begin
 * @param shuffled whether the records come in a random order
 */
public record ZipStyle(
        PickleStyle pickle,
        String root,
        ByteOrderRecord byteOrder,
        boolean deflated,
        boolean descriptors,
        boolean zip64,
        int alignment,
        boolean shuffled) {
    private static final List<String> ROOTS = List.of("archive", "my.model.v1", "with space", "имя", ".hidden");

    /** What a file says about the byte order of its storages. */
    public enum ByteOrderRecord {
        ABSENT,
        LITTLE,
        BIG
    }

    /** As PyTorch lays it out. */
    public static ZipStyle plain() {
        return new ZipStyle(PickleStyle.plain(), "archive", ByteOrderRecord.LITTLE, false, true, false, 64, false);
    }

    static ZipStyle random(Random random) {
        return new ZipStyle(
                PickleStyle.random(random, 0),
                ROOTS.get(random.nextInt(ROOTS.size())),
                ByteOrderRecord.values()[random.nextInt(3)],
                random.nextInt(5) == 0,
                random.nextBoolean(),
                random.nextInt(4) == 0,
                random.nextBoolean() ? 64 : 1,
                random.nextInt(3) == 0);
    }
}
