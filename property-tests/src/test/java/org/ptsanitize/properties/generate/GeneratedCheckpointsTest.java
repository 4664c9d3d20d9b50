package org.ptsanitize.properties.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.properties.generate.ZipStyle.ByteOrderRecord;

class GeneratedCheckpointsTest {
    private static final int SEEDS = 400;

    @Test
    void aSeedGivesTheSameBytesAgain() {
        for (long seed = 0; seed < SEEDS; seed++) {
            CheckpointFile first = CheckpointFile.random(Checkpoints.ofSeed(seed, 20), seed);
            CheckpointFile second = CheckpointFile.random(Checkpoints.ofSeed(seed, 20), seed);
            assertArrayEquals(first.bytes(), second.bytes());
            assertEquals(first.toString(), second.toString());
        }
    }

    @Test
    void aZipBeginsWithItsFirstRecord() {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertBegins(
                    "504b0304",
                    CheckpointFile.zip(Checkpoints.ofSeed(seed, 5), seed).bytes());
        }
    }

    @Test
    void aLegacyStreamBeginsWithTheMagicNumber() {
        byte[] plain = LegacyAssembler.assemble(Sample.None.NONE, LegacyStyle.plain(), new Random(1));
        assertBegins("80028a0a6cfc9c46f920", plain);
        for (long seed = 0; seed < SEEDS; seed++) {
            byte[] bytes =
                    CheckpointFile.legacy(Checkpoints.ofSeed(seed, 5), seed).bytes();
            assertEquals((byte) 0x80, bytes[0]);
            assertTrue(bytes[1] >= 2 && bytes[1] <= 5);
        }
    }

    @Test
    void everyRecordOfAZipIsReadByTheJdk(@TempDir Path folder) throws IOException {
        for (long seed = 0; seed < SEEDS; seed++) {
            Path file = folder.resolve(seed + ".pt");
            Files.write(
                    file, CheckpointFile.zip(Checkpoints.ofSeed(seed, 10), seed).bytes());
            try (ZipFile zip = new ZipFile(file.toFile())) {
                for (ZipEntry entry : zip.stream().toList()) {
                    try (InputStream content = zip.getInputStream(entry)) {
                        assertEquals(entry.getSize(), content.readAllBytes().length);
                    }
                }
            }
        }
    }

    @Test
    void aSmallPickleIsSpelledAsPyTorchSpellsIt() {
        Sample.Mapping root = Sample.Mapping.dict().put("a", Sample.Int.of(1));
        PickleStyle style = new PickleStyle(2, false, false, false, false);
        Set<String> spellings = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            spellings.add(hex(PickleAssembler.assemble(root, style, new Random(seed))));
        }
        assertTrue(spellings.contains("80027d58010000006171004b01732e"), spellings::toString);
    }

    @Test
    void bytesOfABigEndianStorageAreSwappedByUnits() {
        SampleStorage storage = SampleStorage.of(DType.COMPLEX64, false, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertArrayEquals(new byte[] {4, 3, 2, 1, 8, 7, 6, 5}, storage.bigEndian());
    }

    @Test
    void theTruthFollowsPathsThroughSharedContainersAndCutsCycles() {
        SampleStorage storage = SampleStorage.of(DType.INT8, false, new byte[] {1, 2, 3, 4});
        Sample.Tensor column = new Sample.Tensor(storage, 1, new long[] {2}, new long[] {2}, false, true);
        Sample.Sequence shared = Sample.Sequence.list();
        shared.items().add(column);
        shared.items().add(shared);
        Sample.Mapping root = Sample.Mapping.dict().put("a", shared).put(Sample.Int.of(7), shared);
        Checkpoint checkpoint = new Checkpoint(root, "by hand");
        assertEquals(
                "by hand with ['a.0': int8[2] strides [2] offset 1, '7.0': int8[2] strides [2] offset 1]",
                checkpoint.toString());
        assertArrayEquals(new byte[] {-2, -4}, checkpoint.tensors().get(0).bytes());
        assertTrue(checkpoint.tensors().get(0).isTiedTo(checkpoint.tensors().get(1)));
    }

    @Test
    void everyTypeShapeAndContainerOccurs() {
        Set<DType> dtypes = EnumSet.noneOf(DType.class);
        Set<Integer> ranks = new HashSet<>();
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            Checkpoint checkpoint = Checkpoints.ofSeed(seed, 30);
            seen.add(checkpoint.hasInstances() ? "instances" : "no instances");
            List<ExpectedTensor> tensors = checkpoint.tensors();
            for (ExpectedTensor tensor : tensors) {
                dtypes.add(tensor.dtype());
                ranks.add(tensor.shape().length);
                seen.add(tensor.bytes().length == 0 ? "empty" : "not empty");
                seen.add(tensor.isInsideInstance() ? "inside" : "outside");
                boolean tied = tensors.stream().anyMatch(other -> other != tensor && other.isTiedTo(tensor));
                seen.add(tied ? "tied" : "not tied");
            }
            seen.add(ZipStyle.random(new Random(seed)).byteOrder().name());
        }
        assertEquals(Set.copyOf(Checkpoints.unquantized()), dtypes);
        assertEquals(Set.of(0, 1, 2, 3, 4), ranks);
        Set<String> all = new HashSet<>(
                List.of("instances", "no instances", "empty", "not empty", "inside", "outside", "tied", "not tied"));
        for (ByteOrderRecord order : ByteOrderRecord.values()) {
            all.add(order.name());
        }
        assertEquals(all, seen);
    }

    private static void assertBegins(String hex, byte[] bytes) {
        assertEquals(hex, hex(bytes).substring(0, hex.length()));
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }
}
