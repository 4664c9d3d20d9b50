package org.ptsanitize.formats.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ChannelSink;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.MemorySource;

class SafetensorsLayoutTest {
    private static final List<SafetensorsEntry> ENTRIES = List.of(
            new SafetensorsEntry("w", SafetensorsType.F32, 2, 3),
            new SafetensorsEntry("", SafetensorsType.F32, 0, 3),
            new SafetensorsEntry("s", SafetensorsType.F32),
            new SafetensorsEntry("b\u0001\u007f\u2028é/\"\\\n\b\f\r\t😀", SafetensorsType.I8, 1),
            new SafetensorsEntry("😀", SafetensorsType.I64, 1),
            new SafetensorsEntry("\uffff", SafetensorsType.I64, 1),
            new SafetensorsEntry("h", SafetensorsType.BF16, 1),
            new SafetensorsEntry("f", SafetensorsType.BOOL, 3));

    private static byte[] header(SafetensorsLayout layout) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ByteSink sink = new ChannelSink(Channels.newChannel(bytes))) {
            layout.writeHeader(sink);
        }
        return bytes.toByteArray();
    }

    private static String json(SafetensorsLayout layout) throws IOException {
        byte[] header = header(layout);
        return new String(header, 8, header.length - 8, StandardCharsets.UTF_8);
    }

    @Test
    void theHeaderHasTheBytesOfTheReferenceImplementation() throws IOException {
        SafetensorsLayout layout = SafetensorsLayout.of(Map.of("format", "pt\u001f é"), ENTRIES);
        assertEquals(
                "{\"__metadata__\":{\"format\":\"pt\\u001f é\"},"
                        + "\"\uffff\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                        + "\"😀\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[8,16]},"
                        + "\"\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[16,16]},"
                        + "\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[16,20]},"
                        + "\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[20,44]},"
                        + "\"h\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[44,46]},"
                        + "\"b\\u0001\u007f\u2028é/\\\"\\\\\\n\\b\\f\\r\\t😀\":"
                        + "{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[46,47]},"
                        + "\"f\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[47,50]}}",
                json(layout).stripTrailing());
        assertEquals(50, layout.dataLength());
    }

    @Test
    void theDataStartsAtAMultipleOfEight() throws IOException {
        for (int i = 0; i < 16; i++) {
            SafetensorsLayout layout =
                    SafetensorsLayout.of(Map.of(), List.of(new SafetensorsEntry("a".repeat(i), SafetensorsType.U8, 3)));
            byte[] header = header(layout);
            assertEquals(0, header.length % 8);
            assertEquals(header.length, layout.dataStart());
            assertEquals(header.length + 3, layout.fileSize());
            assertEquals(
                    header.length - 8,
                    ByteBuffer.wrap(header)
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                            .getLong());
        }
    }

    @Test
    void anEmptyFileIsAnEmptyObject() throws IOException {
        assertEquals("{}      ", json(SafetensorsLayout.of(Map.of(), List.of())));
    }

    @Test
    void metadataIsSortedByItsBytes() throws IOException {
        assertEquals(
                "{\"__metadata__\":{\"B\":\"1\",\"a\":\"2\",\"\uffff\":\"3\",\"😀\":\"4\"}}",
                json(SafetensorsLayout.of(Map.of("😀", "4", "\uffff", "3", "a", "2", "B", "1"), List.of()))
                        .stripTrailing());
    }

    @Test
    void everyTensorKnowsItsPlaceInTheInput() throws IOException {
        SafetensorsLayout layout = SafetensorsLayout.of(Map.of(), ENTRIES);
        for (int i = 0; i < ENTRIES.size(); i++) {
            assertEquals(
                    ENTRIES.get(layout.inputIndex(i)).name(),
                    layout.tensors().get(i).name());
        }
    }

    @Test
    void theOrderOfTheInputDoesNotMatter() throws IOException {
        List<SafetensorsEntry> shuffled = new ArrayList<>(ENTRIES);
        java.util.Collections.shuffle(shuffled, new Random(3));
        assertArrayEquals(
                header(SafetensorsLayout.of(Map.of("k", "v"), ENTRIES)),
                header(SafetensorsLayout.of(Map.of("k", "v"), shuffled)));
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        List<SafetensorsEntry> entries = new ArrayList<>();
        Random random = new Random(4);
        for (int i = 0; i < 3000; i++) {
            SafetensorsType type = SafetensorsType.values()[random.nextInt(SafetensorsType.values().length)];
            entries.add(
                    new SafetensorsEntry("layer." + i + "é".repeat(random.nextInt(40)), type, 4, random.nextInt(3)));
        }
        SafetensorsLayout layout = SafetensorsLayout.of(Map.of("a", "x".repeat(100_000), "b", "\n"), entries);
        byte[] file = Arrays.copyOf(header(layout), (int) layout.fileSize());
        SafetensorsHeader read =
                SafetensorsHeader.read(MemorySource.of("written", file), new Budget(Limits.defaults()));
        assertEquals(
                layout.tensors().stream().map(SafetensorsTensor::name).toList(),
                read.tensors().stream().map(SafetensorsTensor::name).toList());
        assertEquals("x".repeat(100_000), read.metadata().get("a"));
        assertEquals(layout.dataStart(), read.dataStart());
        for (int i = 0; i < 3000; i++) {
            assertEquals(layout.tensors().get(i).begin(), read.tensors().get(i).begin());
            assertArrayEquals(
                    layout.tensors().get(i).shape(), read.tensors().get(i).shape());
        }
    }

    @Test
    void namesThatCannotBeWrittenAreRefused() {
        assertEquals(
                "no tensor can be called __metadata__",
                refused(new SafetensorsEntry("__metadata__", SafetensorsType.U8, 1)));
        assertEquals(
                "unpaired surrogate in \"\\ud800\"", refused(new SafetensorsEntry("\ud800", SafetensorsType.U8, 1)));
        assertEquals(
                "two tensors are called \"a\"",
                refused(
                        new SafetensorsEntry("a", SafetensorsType.U8, 1),
                        new SafetensorsEntry("a", SafetensorsType.F32, 1)));
        assertEquals(
                "tensor \"a\" F4 [3] does not fill whole bytes",
                refused(new SafetensorsEntry("a", SafetensorsType.F4, 3)));
        assertThrows(IllegalArgumentException.class, () -> SafetensorsLayout.of(Map.of("k", "\udc00"), List.of()));
    }

    /** Each is a text of its own in the file, so the two halves are not one character. */
    @Test
    void halvesOfACharacterInAKeyAndItsValueAreRefused() {
        Map<String, String> split = Map.of("k\ud83d", "\ude00");
        assertEquals(
                "unpaired surrogate in \"k\\ud83d\"",
                assertThrows(IllegalArgumentException.class, () -> SafetensorsLayout.of(split, List.of()))
                        .getMessage());
    }

    @Test
    void everyControlCharacterIsEscapedAsTheReferenceDoes() throws IOException {
        StringBuilder controls = new StringBuilder("a\"b\\c/");
        for (char c = 0; c < ' '; c++) {
            controls.append(c);
        }
        SafetensorsLayout layout = SafetensorsLayout.of(Map.of("k", controls + "\u007f\u2028é😀"), List.of());
        assertEquals(
                "{\"__metadata__\":{\"k\":\"a\\\"b\\\\c/\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b"
                        + "\\f\\r\\u000e\\u000f\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c"
                        + "\\u001d\\u001e\\u001f\u007f\u2028é😀\"}}",
                new String(header(layout), 8, header(layout).length - 8, java.nio.charset.StandardCharsets.UTF_8)
                        .strip());
    }

    private static String refused(SafetensorsEntry... entries) {
        return assertThrows(IllegalArgumentException.class, () -> SafetensorsLayout.of(Map.of(), List.of(entries)))
                .getMessage();
    }

    @Test
    void sizesThatOverflowAreRefused() {
        for (List<SafetensorsEntry> entries : List.of(
                List.of(new SafetensorsEntry("a", SafetensorsType.F64, 1L << 60)),
                List.of(new SafetensorsEntry("a", SafetensorsType.U8, 1L << 40, 1L << 40)),
                List.of(new SafetensorsEntry("a", SafetensorsType.U8, -1)))) {
            assertEquals(
                    entries.get(0) + " takes more than 63 bits can count",
                    assertThrows(MalformedFileException.class, () -> SafetensorsLayout.of(Map.of(), entries))
                            .getMessage());
        }
    }

    @Test
    void aHeaderThatNoReaderTakesIsRefused() {
        assertEquals(
                "the safetensors header would take 100000032 bytes, readers accept 100000000; use --metadata none",
                assertThrows(
                                FileFormatException.class,
                                () -> SafetensorsLayout.of(Map.of("k", "x".repeat(100_000_000)), List.of()))
                        .getMessage());
        assertEquals(
                "the safetensors header would take 100000056 bytes, readers accept 100000000; write a .pt file",
                assertThrows(
                                FileFormatException.class,
                                () -> SafetensorsLayout.of(
                                        Map.of(),
                                        List.of(new SafetensorsEntry("x".repeat(100_000_000), SafetensorsType.U8, 1))))
                        .getMessage());
    }
}
