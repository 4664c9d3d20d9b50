package org.ptsanitize.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.numpy.NpyHeader;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/** Any bytes are a header or an error; a header says the same when written anew. */
class NpyHeaderFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.concat(
                Seeds.files(4096).filter(Seeds.with("NUMPY", 1)),
                Stream.of(
                                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
                                "{'descr': [('a', '<f4'), ('b', '|S3', (2,))], 'fortran_order': True, 'shape': ()}",
                                "{'descr': '|O', 'fortran_order': False, 'shape': (10L,)}")
                        .map(NpyHeaderFuzzTest::header));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "")
    void isAHeaderOrAnError(byte[] bytes) throws IOException {
        if (!NpyHeader.matches(ByteBuffer.wrap(bytes))) {
            return;
        }
        Optional<NpyHeader> read = Bounds.read(() -> NpyHeader.read(MemorySource.of("npy", bytes)));
        if (read.isEmpty()) {
            return;
        }
        NpyHeader header = read.get();
        Bounds.check(header.dataOffset() <= bytes.length, () -> "data behind the file");
        StringBuilder text = new StringBuilder("{'descr': ");
        write(header.type(), text);
        text.append(", 'fortran_order': ")
                .append(header.fortran() ? "True" : "False")
                .append(", 'shape': ");
        write(header.shape(), text);
        NpyHeader again = NpyHeader.read(MemorySource.of("again", header(text + "}")));
        Bounds.same(ValueSketch.of(header.type()), ValueSketch.of(again.type()), "type");
        Bounds.same(ValueSketch.of(header.shape()), ValueSketch.of(again.shape()), "shape");
        Bounds.same(header.fortran(), again.fortran(), "order");
        Bounds.same(header.objects(), again.objects(), "objects");
    }

    private static void write(PickleValue value, StringBuilder text) {
        if (value instanceof Tuple tuple) {
            text.append('[');
            tuple.items().forEach(item -> {
                write(item, text);
                text.append(", ");
            });
            text.append(']');
        } else if (value instanceof Text string) {
            char quote = string.value().indexOf('\'') < 0 ? '\'' : '"';
            text.append(quote).append(string.value()).append(quote);
        } else if (value instanceof Int number) {
            text.append(number.value());
        } else if (value instanceof Bool bool) {
            text.append(bool.value() ? "True" : "False");
        } else {
            throw new AssertionError(value);
        }
    }

    private static byte[] header(String text) {
        byte[] characters = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x93);
        out.writeBytes("NUMPY\3\0".getBytes(StandardCharsets.ISO_8859_1));
        for (int i = 0; i < 4; i++) {
            out.write(characters.length >>> 8 * i);
        }
        out.writeBytes(characters);
        return out.toByteArray();
    }
}
