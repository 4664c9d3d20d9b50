package org.ptsanitize.formats.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

class SafetensorsHeaderTest {
    private static final String A = tensor("a", "F32", "[2]", "[0,8]");

    private static String tensor(String name, String dtype, String shape, String offsets) {
        return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets
                + "}";
    }

    private static MemorySource file(byte[] header, int dataLength) {
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + dataLength).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        return MemorySource.of("test.safetensors", file.array());
    }

    private static SafetensorsHeader read(byte[] header, int dataLength, Budget budget) throws IOException {
        return SafetensorsHeader.read(file(header, dataLength), budget);
    }

    /** The tensors that a visitor sees, each with its type, shape and place. */
    private static List<String> visited(String header, int dataLength) throws IOException {
        List<String> seen = new ArrayList<>();
        MemorySource source = file(header.getBytes(StandardCharsets.UTF_8), dataLength);
        SafetensorsHeader.visit(source, new Budget(Limits.defaults()), (tensor, start) -> {
            assertEquals(start + tensor.length(), source.size() - dataLength + tensor.end());
            seen.add(tensor.name() + " " + tensor.type() + " " + Arrays.toString(tensor.shape()) + " @"
                    + tensor.begin());
        });
        return seen;
    }

    private static SafetensorsHeader read(String header, int dataLength) throws IOException {
        return read(header.getBytes(StandardCharsets.UTF_8), dataLength, new Budget(Limits.defaults()));
    }

    private static void refuses(String header, int dataLength, String message) {
        refusesToHold(header, dataLength, message);
        assertEquals(
                message,
                assertThrows(FileFormatException.class, () -> visited(header, dataLength))
                        .getMessage());
    }

    private static void refusesToHold(String header, int dataLength, String message) {
        assertEquals(
                message,
                assertThrows(FileFormatException.class, () -> read(header, dataLength))
                        .getMessage());
    }

    private static void refusesFile(byte[] file, String message) {
        MemorySource source = MemorySource.of("test.safetensors", file);
        assertEquals(
                message,
                assertThrows(
                                MalformedFileException.class,
                                () -> SafetensorsHeader.visit(
                                        source, new Budget(Limits.defaults()), (tensor, start) -> {}))
                        .getMessage());
        assertEquals(
                message,
                assertThrows(
                                MalformedFileException.class,
                                () -> SafetensorsHeader.read(source, new Budget(Limits.defaults())))
                        .getMessage());
    }

    private static byte[] withLength(long length, String header) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(text)
                .array();
    }

    // ---- what is read

    @Test
    void aVisitorSeesTheTensorsInTheirOrder() throws IOException {
        String header = "{\"__metadata__\":{\"k\":\"v\"}," + A + "," + tensor("b", "U8", "[3,1]", "[8,11]") + "}";
        assertEquals(List.of("a F32 [2] @0", "b U8 [3, 1] @8"), visited(header, 11));
        assertEquals(List.of(), visited("{}", 0));
    }

    /** It does not hold them, so it can neither sort them nor find one of them twice. */
    @Test
    void aVisitorIsToldOfBytesInAnotherOrderAndOfEachName() throws IOException {
        String b = tensor("b", "U8", "[3]", "[0,3]");
        String turned = "{" + tensor("a", "F32", "[2]", "[3,11]") + "," + b + "}";
        assertEquals(2, read(turned, 11).tensors().size());
        FileFormatException e = assertThrows(FileFormatException.class, () -> visited(turned, 11));
        assertEquals("tensor \"a\" starts at byte 3 of the data, 0 expected", e.getMessage());
        String twice = "{" + b + "," + tensor("b", "U8", "[1]", "[3,4]") + "}";
        assertEquals(List.of("b U8 [3] @0", "b U8 [1] @3"), visited(twice, 4));
    }

    @Test
    void tensorsKeepTheOrderOfTheHeader() throws IOException {
        SafetensorsHeader header = read(
                "{" + tensor("b", "I8", "[3]", "[8,11]") + "," + A
                        + ",\"__metadata__\":{\"z\":\"1\",\"format\":\"pt\"}} ",
                11);
        assertEquals(
                List.of("b", "a"),
                header.tensors().stream().map(SafetensorsTensor::name).toList());
        assertEquals(Map.of("format", "pt", "z", "1"), header.metadata());
        assertEquals("format", header.metadata().firstKey());
        SafetensorsTensor b = header.find("b").orElseThrow();
        assertEquals(SafetensorsType.I8, b.type());
        assertArrayEquals(new long[] {3}, b.shape());
        assertEquals(8, b.begin());
        assertEquals(11, b.end());
        assertEquals(3, b.length());
        assertEquals(Optional.empty(), header.find("c"));
        assertThrows(UnsupportedOperationException.class, () -> header.tensors().clear());
    }

    @Test
    void theBytesOfATensorAreARangeOfTheFile() throws IOException {
        byte[] text = ("{" + A + "}").getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text).putLong(0x0807060504030201L);
        MemorySource source = MemorySource.of("test.safetensors", file.array());
        SafetensorsHeader header = SafetensorsHeader.read(source, new Budget(Limits.defaults()));
        assertEquals(8 + text.length, header.dataStart());
        assertArrayEquals(
                new byte[] {1, 2, 3, 4, 5, 6, 7, 8},
                header.open(source, header.tensors().get(0)).read(0, 8).array());
    }

    @Test
    void aFileMayBeEmpty() throws IOException {
        assertEquals(List.of(), read("{}", 0).tensors());
        assertEquals(Map.of(), read("{\"__metadata__\":null}", 0).metadata());
    }

    @Test
    void whiteSpaceMayFollowTheHeader() throws IOException {
        assertEquals(1, read("{ " + A + " } \t\r\n ", 8).tensors().size());
    }

    @Test
    void emptyTensorsLieOnAnyBoundary() throws IOException {
        String empty = tensor("e", "F32", "[0,3]", "[8,8]") + "," + tensor("f", "F32", "[5,0]", "[0,0]") + ","
                + tensor("g", "I64", "[0]", "[8,8]");
        assertEquals(4, read("{" + empty + "," + A + "}", 8).tensors().size());
        refuses(
                "{" + A + "," + tensor("e", "F32", "[0]", "[4,4]") + "}",
                8,
                "tensor \"e\" starts at byte 4 of the data, 8 expected");
    }

    @Test
    void aScalarHasOneElement() throws IOException {
        assertEquals(
                0,
                read("{" + tensor("s", "F64", "[]", "[0,8]") + "}", 8)
                        .tensors()
                        .get(0)
                        .shape()
                        .length);
    }

    @Test
    void anyUnicodeNameIsFine() throws IOException {
        String header = "{" + tensor("\\u0000\\ud83d\\ude00é\\\"", "U8", "[1]", "[0,1]") + ","
                + tensor("", "U8", "[1]", "[1,2]") + "}";
        assertTrue(read(header, 2).find("\0😀é\"").isPresent());
        assertTrue(read(header, 2).find("").isPresent());
    }

    @Test
    void typesSmallerThanAByteFillWholeBytes() throws IOException {
        assertEquals(
                1,
                read("{" + tensor("a", "F4", "[2,3]", "[0,3]") + "}", 3)
                        .tensors()
                        .size());
        assertEquals(
                1,
                read("{" + tensor("a", "F6_E2M3", "[4]", "[0,3]") + "}", 3)
                        .tensors()
                        .size());
        refuses(
                "{" + tensor("a", "F4", "[3]", "[0,2]") + "}",
                2,
                "tensor \"a\": \"shape\" [3] of F4 does not fill whole bytes");
    }

    // ---- length of the header

    @Test
    void aFileWithoutALengthIsMalformed() {
        refusesFile(new byte[7], "a safetensors file of 7 bytes, at least 8 expected");
    }

    @Test
    void absurdLengthsAreMalformed() {
        refusesFile(
                withLength(100_000_001, "{}"),
                "a safetensors header of 100000001 bytes, at most 100000000 are allowed (byte 0)");
        refusesFile(
                withLength(-1, "{}"),
                "a safetensors header of 18446744073709551615 bytes, at most 100000000 are allowed (byte 0)");
        refusesFile(withLength(3, "{}"), "a safetensors header of 3 bytes, but only 2 follow (byte 0)");
    }

    @Test
    void theFirstByteIsABrace() {
        refusesFile(withLength(0, "{}"), "the safetensors header does not start with '{' (byte 8)");
        refusesFile(withLength(3, " {}"), "the safetensors header does not start with '{' (byte 8)");
        refusesFile(withLength(5, "\ufeff{}"), "the safetensors header does not start with '{' (byte 8)");
        refusesFile(withLength(2, "[]"), "the safetensors header does not start with '{' (byte 8)");
    }

    // ---- JSON

    @Test
    void onlyStrictJsonIsRead() {
        for (String header : List.of(
                "{'a':1}",
                "{a:1}",
                "{\"a\":{\"dtype\":\"F32\"},}",
                "{/**/}",
                "{} // end",
                "{}#",
                "{}\0",
                "{",
                "{\"a",
                "{\"a\\x\":1}",
                "{\"a\nb\":1}",
                "{\"a\tb\":1}",
                "{\"a\"=1}",
                "{\"a\":1;\"b\":1}",
                "{\"__metadata__\":{\"a\":\"\\'\"}}",
                "{\"__metadata__\":{\"a\":\"b\",}}")) {
            MalformedFileException e = assertThrows(MalformedFileException.class, () -> read(header, 0), header);
            assertTrue(
                    e.getMessage().startsWith("the safetensors header is not strict JSON")
                            || e.getMessage().equals("tensor \"a\" is a number, an object expected")
                            || e.getMessage().equals("tensor \"a\" has no shape"),
                    header + ": " + e.getMessage());
        }
    }

    @Test
    void nothingFollowsTheHeader() {
        refuses("{}{}", 0, "the safetensors header is not strict JSON");
        refuses("{}1", 0, "the safetensors header is not strict JSON");
    }

    @Test
    void theHeaderIsUtf8() {
        byte[] header = ("{" + A.replace("\"a\"", "\"?\"") + "}").getBytes(StandardCharsets.UTF_8);
        for (byte b : new byte[] {(byte) 0xFF, (byte) 0xC0, (byte) 0x80}) {
            header[2] = b;
            assertEquals(
                    "the safetensors header is not UTF-8",
                    assertThrows(MalformedFileException.class, () -> read(header, 8, new Budget(Limits.defaults())))
                            .getMessage());
        }
    }

    @Test
    void unpairedSurrogatesAreRefused() {
        refuses("{" + tensor("a\\ud83d", "F32", "[2]", "[0,8]") + "}", 8, "the safetensors header is not strict JSON");
        refuses("{\"__metadata__\":{\"k\":\"\\ude00\\ud83d\"}}", 0, "the safetensors header is not strict JSON");
    }

    @Test
    void anErrorSaysAfterWhichTensorItIs() {
        refuses("{" + A + ",'b':1}", 8, "the safetensors header is not strict JSON (after tensor \"a\")");
    }

    @Test
    void deepNestingIsAnErrorLikeAnyOther() {
        refuses("{\"a\":" + "[".repeat(100_000), 0, "tensor \"a\" is an array, an object expected");
        refuses(
                "{\"__metadata__\":{\"a\":" + "{\"a\":".repeat(100_000),
                0,
                "the metadata: \"a\" is an object, a text expected");
    }

    // ---- members

    @Test
    void everyNameIsGivenOnce() {
        refusesToHold("{" + A + "," + A + "}", 8, "two tensors are called \"a\"");
        refusesToHold("{" + A + "," + A.replace("\"a\"", "\"\\u0061\"") + "}", 8, "two tensors are called \"a\"");
        refuses("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "two members are called \"__metadata__\"");
        refuses("{\"__metadata__\":null,\"__metadata__\":{}}", 0, "two members are called \"__metadata__\"");
        refuses("{\"__metadata__\":{\"k\":\"1\",\"k\":\"1\"}}", 0, "the metadata: \"k\" is given twice");
        refuses(
                "{" + A.replace("\"dtype\"", "\"dtype\":\"F32\",\"dtype\"") + "}",
                8,
                "tensor \"a\": \"dtype\" is given twice");
        refuses(
                "{" + A.replace("\"shape\"", "\"shape\":[2],\"shape\"") + "}",
                8,
                "tensor \"a\": \"shape\" is given twice");
        refuses(
                "{" + A.replace("\"data_offsets\"", "\"data_offsets\":[0,8],\"data_offsets\"") + "}",
                8,
                "tensor \"a\": \"data_offsets\" is given twice");
    }

    @Test
    void metadataIsAMapOfTexts() {
        refuses("{\"__metadata__\":[]}", 0, "the metadata is an array, an object expected");
        refuses("{\"__metadata__\":{\"k\":1}}", 0, "the metadata: \"k\" is a number, a text expected");
        refuses("{\"__metadata__\":{\"k\":null}}", 0, "the metadata: \"k\" is null, a text expected");
    }

    @Test
    void aTensorIsAnObjectOfThreeFields() {
        refuses("{\"a\":[\"F32\",[2],[0,8]]}", 8, "tensor \"a\" is an array, an object expected");
        refuses("{\"a\":null}", 8, "tensor \"a\" is null, an object expected");
        refuses(
                "{" + A.replace("\"dtype\"", "\"more\":1,\"dtype\"") + "}",
                8,
                "tensor \"a\": \"more\" is an unknown field");
        refuses("{\"a\":{}}", 0, "tensor \"a\" has no dtype");
        refuses("{\"a\":{\"dtype\":\"F32\"}}", 0, "tensor \"a\" has no shape");
        refuses("{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}", 0, "tensor \"a\" has no data_offsets");
    }

    @Test
    void anUnknownDtypeIsNotReadAtAll() {
        for (String dtype : List.of("U7", "f32", "")) {
            UnsupportedFileException e = assertThrows(
                    UnsupportedFileException.class, () -> read("{" + tensor("a", dtype, "[2]", "[0,8]") + "}", 8));
            assertEquals("tensor \"a\" has the unknown dtype \"" + dtype + "\"", e.getMessage());
        }
        refuses("{\"a\":{\"dtype\":32}}", 8, "tensor \"a\": \"dtype\" is a number, a text expected");
    }

    @Test
    void namesInMessagesAreEscaped() {
        refuses(
                "{" + tensor("\\u001b[2J", "F32", "[1]", "[0,8]") + "}",
                8,
                "tensor \"\\u001b[2J\" has 8 bytes, 4 expected for F32 [1]");
    }

    // ---- numbers

    @Test
    void numbersAreWholeAndPlain() {
        for (String number :
                List.of("2.0", "2e0", "2E0", "0.2e1", "-0", "-2", "18446744073709551618", "9223372036854775808")) {
            refuses(
                    "{" + tensor("a", "F32", "[" + number + "]", "[0,8]") + "}",
                    8,
                    "tensor \"a\": \"shape\" has \"" + number + "\", a whole number below 2^63 expected");
        }
        refuses(
                "{" + tensor("a", "F32", "[\"2\"]", "[0,8]") + "}",
                8,
                "tensor \"a\": \"shape\" is a text, a number expected");
        refuses("{" + tensor("a", "F32", "[02]", "[0,8]") + "}", 8, "the safetensors header is not strict JSON");
        refuses("{" + tensor("a", "F32", "[+2]", "[0,8]") + "}", 8, "the safetensors header is not strict JSON");
        refuses("{" + tensor("a", "F32", "[NaN]", "[0,8]") + "}", 8, "the safetensors header is not strict JSON");
        refuses(
                "{" + tensor("a", "F32", "[true]", "[0,8]") + "}",
                8,
                "tensor \"a\": \"shape\" is true or false, a number expected");
        refuses(
                "{" + tensor("a", "F32", "2", "[0,8]") + "}",
                8,
                "tensor \"a\": \"shape\" is a number, an array expected");
        refuses(
                "{" + tensor("a", "F32", "[" + "1".repeat(5000) + "]", "[0,8]") + "}",
                8,
                "the safetensors header is not strict JSON");
    }

    @Test
    void aShapeHasAtMost64Dimensions() throws IOException {
        String most = "1,".repeat(63) + "2";
        assertEquals(
                64,
                read("{" + tensor("a", "F32", "[" + most + "]", "[0,8]") + "}", 8)
                        .tensors()
                        .get(0)
                        .shape()
                        .length);
        refuses(
                "{" + tensor("a", "F32", "[1," + most + "]", "[0,8]") + "}",
                8,
                "tensor \"a\": \"shape\" has more than 64 numbers");
    }

    @Test
    void offsetsAreTwo() {
        refuses(
                "{" + tensor("a", "F32", "[2]", "[8]") + "}",
                8,
                "tensor \"a\": \"data_offsets\" has 1 numbers, 2 expected");
        refuses(
                "{" + tensor("a", "F32", "[2]", "[0,8,8]") + "}",
                8,
                "tensor \"a\": \"data_offsets\" has 3 numbers, 2 expected");
    }

    @Test
    void productsDoNotOverflow() {
        refuses(
                "{" + tensor("a", "F32", "[4294967296,4294967296]", "[0,0]") + "}",
                0,
                "tensor \"a\": \"shape\" [4294967296, 4294967296] overflows 64 bits");
        refuses(
                "{" + tensor("a", "F64", "[1152921504606846976]", "[0,0]") + "}",
                0,
                "tensor \"a\": \"shape\" [1152921504606846976] overflows 64 bits");
    }

    @Test
    void theLengthFollowsFromTypeAndShape() {
        refuses("{" + tensor("a", "F32", "[3]", "[0,8]") + "}", 8, "tensor \"a\" has 8 bytes, 12 expected for F32 [3]");
        refuses(
                "{" + tensor("a", "F32", "[2]", "[8,0]") + "}",
                8,
                "tensor \"a\": \"data_offsets\" end in front of their start: [8, 0]");
    }

    // ---- cover

    @Test
    void tensorsCoverTheDataWithoutHolesOrOverlaps() {
        String b = tensor("b", "F32", "[2]", "[4,12]");
        refuses("{" + A + "," + b + "}", 12, "tensor \"b\" starts at byte 4 of the data, 8 expected");
        refuses("{" + b + "}", 12, "tensor \"b\" starts at byte 4 of the data, 0 expected");
        refuses(
                "{" + A + "," + A.replace("\"a\"", "\"b\"") + "}",
                8,
                "tensor \"b\" starts at byte 0 of the data, 8 expected");
        refuses("{" + A + "}", 9, "the tensors take 8 bytes, the file has 9");
        refuses("{" + A + "}", 7, "the tensors take 8 bytes, the file has 7: cut short, 1 are missing");
        refuses("{}", 1, "the tensors take 0 bytes, the file has 1");
    }

    // ---- limits

    @Test
    void headersArePaidFromTheMemory() {
        Budget budget = new Budget(Limits.defaults().with(Limit.MEMORY, 100));
        assertThrows(
                LimitExceededException.class, () -> read(("{" + A + "}").getBytes(StandardCharsets.UTF_8), 8, budget));
    }

    @Test
    void aTextIsCollectedUpToItsLimit() throws IOException {
        Limits limits = Limits.defaults().with(Limit.TEXT, 200_000);
        byte[] passes = ("{\"__metadata__\":{\"k\":\"" + "a".repeat(180_000) + "\",\"l\":\"" + "a".repeat(180_000)
                        + "\"}}")
                .getBytes(StandardCharsets.UTF_8);
        assertEquals(2, read(passes, 0, new Budget(limits)).metadata().size());
        byte[] fails = ("{\"__metadata__\":{\"k\":\"" + "a".repeat(300_000) + "\"}}").getBytes(StandardCharsets.UTF_8);
        LimitExceededException e = assertThrows(LimitExceededException.class, () -> read(fails, 0, new Budget(limits)));
        assertEquals(
                "needs more than the limit of 200,000 bytes in one text (safetensors header);"
                        + " raise --max-text if you trust this file",
                e.getMessage());
    }

    @Test
    void namesMetadataAndShapesArePaidByTheirLength() throws IOException {
        long plain = paid("{\"__metadata__\":{\"k\":\"v\"}," + A + "}", 8);
        String longName = tensor("a".repeat(101), "F32", "[2]", "[0,8]");
        assertEquals(plain + 200, paid("{\"__metadata__\":{\"k\":\"v\"}," + longName + "}", 8));
        assertEquals(plain + 200, paid("{\"__metadata__\":{\"k\":\"" + "v".repeat(101) + "\"}," + A + "}", 8));
        assertEquals(plain + 200, paid("{\"__metadata__\":{\"" + "k".repeat(101) + "\":\"v\"}," + A + "}", 8));
        String deep = tensor("a", "F32", "[2,1,1,1]", "[0,8]");
        assertEquals(plain + 24, paid("{\"__metadata__\":{\"k\":\"v\"}," + deep + "}", 8));
    }

    private static long paid(String header, int dataLength) throws IOException {
        Budget budget = new Budget(Limits.defaults());
        long before = budget.left(Limit.MEMORY);
        read(header.getBytes(StandardCharsets.UTF_8), dataLength, budget);
        return before - budget.left(Limit.MEMORY);
    }

    @Test
    void aLimitTellsWhereTheReaderWas() {
        byte[] header = ("{" + A + "}").getBytes(StandardCharsets.UTF_8);
        LimitExceededException e = assertThrows(
                LimitExceededException.class,
                () -> read(header, 8, new Budget(Limits.defaults().with(Limit.MEMORY, 10))));
        assertEquals(
                "needs more than the limit of 10 bytes of values (a share of the maximum heap) (byte "
                        + (8 + header.length) + "); raise --max-memory and the heap (PTSANITIZE_JAVA_OPTS=-Xmx…)"
                        + " if you trust this file",
                e.getMessage());
    }

    @Test
    void eachTensorOpensItsOwnBytes() throws IOException {
        byte[] header = ("{" + A + "," + tensor("b", "U8", "[3]", "[8,11]") + "}").getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + 11).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header).put(new byte[8]).put(new byte[] {1, 2, 3});
        MemorySource source = MemorySource.of("test.safetensors", file.array());
        SafetensorsHeader read = SafetensorsHeader.read(source, new Budget(Limits.defaults()));
        assertArrayEquals(
                new byte[] {1, 2, 3},
                read.open(source, read.find("b").orElseThrow()).read(0, 3).array());
        assertEquals(8, read.open(source, read.find("a").orElseThrow()).size());
    }

    @Test
    void eightBytesAreALengthWithoutAHeader() {
        refusesFile(new byte[8], "the safetensors header does not start with '{' (byte 8)");
        refusesFile(new byte[7], "a safetensors file of 7 bytes, at least 8 expected");
    }

    @Test
    void theLimitOfATextCountsForEachTextByItself() throws IOException {
        Budget budget = new Budget(Limits.defaults().with(Limit.TEXT, 100_000));
        String long60k = "x".repeat(60_000);
        String metadata =
                "\"__metadata__\":{\"k" + long60k + "\":\"" + long60k + "\",\"l" + long60k + "\":\"" + long60k + "\"}";
        String tensors =
                tensor("a" + long60k, "F32", "[0]", "[0,0]") + "," + tensor("b" + long60k, "F32", "[0]", "[0,0]");
        byte[] header = ("{" + metadata + "," + tensors + "}").getBytes(StandardCharsets.UTF_8);
        SafetensorsHeader read = read(header, 0, budget);
        assertEquals(2, read.metadata().size());
        assertEquals(2, read.tensors().size());
    }

    @Test
    void theLargestHeaderIsLargeEnough() {
        refusesFile(
                withLength(SafetensorsHeader.LARGEST, "{}"),
                "a safetensors header of 100000000 bytes, but only 2 follow (byte 0)");
    }
}
