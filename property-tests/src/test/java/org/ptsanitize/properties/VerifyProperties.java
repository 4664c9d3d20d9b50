package org.ptsanitize.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.verify.Difference;
import org.ptsanitize.converter.verify.TensorDigests;
import org.ptsanitize.converter.verify.Verification;
import org.ptsanitize.converter.verify.Verifier;
import org.ptsanitize.converter.verify.VerifyOptions;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.safetensors.SafetensorsHeader;
import org.ptsanitize.formats.safetensors.SafetensorsTensor;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;
import org.ptsanitize.properties.generate.CheckpointFile;
import org.ptsanitize.properties.generate.Checkpoints;

/** A conversion is the same as its input, and different as soon as one byte of one tensor is another. */
class VerifyProperties extends WithWorkbench {
    private static final Verifier VERIFIER = new Verifier(VerifyOptions.defaults());

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void aConversionIsTheSameAsItsInput(@ForAll("files") CheckpointFile file) throws Exception {
        for (ConvertOptions options : conversions()) {
            for (OutputFormat format : OutputFormat.values()) {
                Path input = bench.put("input", file.bytes());
                Verification result = VERIFIER.verify(input, converted(input, format, options));
                assertEquals(List.of(), result.differences());
                assertTrue(result.isSame());
                assertTrue(result.tensors() > 0);
            }
        }
    }

    private static List<ConvertOptions> conversions() {
        return List.of(
                ConvertOptions.defaults(),
                Workbench.wholeRoot(),
                ConvertOptions.builder().tied(ConvertOptions.Tied.DEDUPE).build(),
                ConvertOptions.builder().metadata(ConvertOptions.Metadata.NONE).build());
    }

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void oneOtherByteOfATensorIsFound(@ForAll("files") CheckpointFile file, @ForAll long seed) throws Exception {
        for (OutputFormat format : OutputFormat.values()) {
            Path input = bench.put("input", file.bytes());
            Path output = converted(input, format, Workbench.wholeRoot());
            StringWriter digests = new StringWriter();
            VERIFIER.digests(input).write(digests);
            assertEquals(List.of(), against(digests, output).differences());
            if (!flipByte(output, format, new Random(seed))) {
                continue;
            }
            Verification result = VERIFIER.verify(input, output);
            assertFalse(result.isSame());
            assertTrue(result.differences().stream().anyMatch(one -> one.kind() == Difference.Kind.BYTES));
            assertFalse(against(digests, output).isSame());
        }
    }

    private static Verification against(StringWriter digests, Path output) throws IOException {
        TensorDigests read = TensorDigests.read(new StringReader(digests.toString()), new Budget(Limits.defaults()));
        return VERIFIER.verify(read, "digests", output);
    }

    private static Path converted(Path input, OutputFormat format, ConvertOptions options) throws Exception {
        Files.deleteIfExists(bench.output());
        new Converter(options).convert(input, bench.output(), format);
        return bench.output();
    }

    /** Changes one byte of a tensor; returns false if no tensor has one. */
    private static boolean flipByte(Path output, OutputFormat format, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(output);
        List<Long> places =
                format == OutputFormat.PT ? firstBytesOfStorages(output) : someByteOfEachTensor(output, random);
        if (places.isEmpty()) {
            return false;
        }
        int place = Math.toIntExact(places.get(random.nextInt(places.size())));
        bytes[place] ^= (byte) (1 << random.nextInt(8));
        Files.write(output, bytes);
        return true;
    }

    private static List<Long> someByteOfEachTensor(Path output, Random random) throws IOException {
        List<Long> places = new ArrayList<>();
        try (FileSource source = FileSource.open(output)) {
            SafetensorsHeader header = SafetensorsHeader.read(source, new Budget(Limits.defaults()));
            for (SafetensorsTensor tensor : header.tensors()) {
                if (tensor.length() > 0) {
                    long within = Math.floorMod(random.nextLong(), tensor.length());
                    places.add(header.dataStart() + tensor.begin() + within);
                }
            }
        }
        return places;
    }

    /** A storage begins with the first byte that any view reaches: no other byte of it is surely one of a tensor. */
    private static List<Long> firstBytesOfStorages(Path output) throws IOException {
        List<Long> places = new ArrayList<>();
        try (FileSource source = FileSource.open(output)) {
            for (ZipMember member :
                    ZipDirectory.read(source, new Budget(Limits.defaults())).members()) {
                if (member.name().contains("/data/") && member.size() > 0) {
                    places.add(member.dataOffset());
                }
            }
        }
        return places;
    }

    @Provide
    Arbitrary<CheckpointFile> files() {
        return Checkpoints.filesWithTensors(Checkpoints.any());
    }
}
