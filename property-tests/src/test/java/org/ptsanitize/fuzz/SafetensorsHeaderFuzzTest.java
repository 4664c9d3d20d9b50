package org.ptsanitize.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ChannelSink;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.safetensors.SafetensorsEntry;
import org.ptsanitize.formats.safetensors.SafetensorsHeader;
import org.ptsanitize.formats.safetensors.SafetensorsLayout;
import org.ptsanitize.formats.safetensors.SafetensorsTensor;

/** Any bytes are a header or an error; a header covers the data exactly, and says the same when written anew. */
class SafetensorsHeaderFuzzTest {
    static Stream<byte[]> seeds() {
        return Seeds.files(4096).filter(Seeds.with("{", 8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "")
    void isAHeaderOrAnError(byte[] bytes) throws IOException {
        MemorySource source = MemorySource.of("safetensors", repairLength(bytes));
        Optional<SafetensorsHeader> read = Bounds.read(() -> SafetensorsHeader.read(source, new Budget(Bounds.SMALL)));
        if (read.isEmpty()) {
            return;
        }
        SafetensorsHeader header = read.get();
        List<SafetensorsTensor> byPlace = new ArrayList<>(header.tensors());
        byPlace.sort(Comparator.comparingLong(SafetensorsTensor::begin).thenComparingLong(SafetensorsTensor::end));
        long end = 0;
        for (SafetensorsTensor tensor : byPlace) {
            Bounds.same(end, tensor.begin(), "begin of " + tensor);
            end = tensor.end();
            Bounds.same(
                    tensor.length(),
                    Arrays.stream(tensor.shape()).reduce(1, Math::multiplyExact)
                            * tensor.type().bits()
                            / 8,
                    "bytes of " + tensor);
            Bounds.same(tensor, header.find(tensor.name()).orElseThrow(), "found by name");
        }
        Bounds.same(source.size(), header.dataStart() + end, "end of the data");
        checkWrittenAgain(header);
    }

    /**
     * A mutation rarely hits on a right length, and then only the length would be tested: one that cannot be right, for
     * its highest byte is set, is replaced by one that ends at the last brace.
     */
    private static byte[] repairLength(byte[] bytes) {
        if (bytes.length > 8 && bytes[7] != 0) {
            int close = bytes.length - 1;
            while (close > 8 && bytes[close] != '}') {
                close--;
            }
            int length = close - 7;
            for (int i = 0; i < 8; i++) {
                bytes[i] = (byte) (i < 4 ? length >>> 8 * i : 0);
            }
        }
        return bytes;
    }

    private static void checkWrittenAgain(SafetensorsHeader header) throws IOException {
        List<SafetensorsEntry> entries = new ArrayList<>();
        for (SafetensorsTensor tensor : header.tensors()) {
            entries.add(new SafetensorsEntry(tensor.name(), tensor.type(), tensor.shape()));
        }
        SafetensorsLayout layout = SafetensorsLayout.of(header.metadata(), entries);
        if (layout.fileSize() > 1 << 20) {
            return;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        layout.writeHeader(new ChannelSink(Channels.newChannel(out)));
        Bounds.same(layout.dataStart(), (long) out.size(), "start of the data");
        byte[] file = Arrays.copyOf(out.toByteArray(), Math.toIntExact(layout.fileSize()));
        SafetensorsHeader again = SafetensorsHeader.read(MemorySource.of("again", file), new Budget(Bounds.SMALL));
        Bounds.same(header.metadata(), again.metadata(), "metadata");
        Bounds.same(header.tensors().size(), again.tensors().size(), "number of tensors");
        for (SafetensorsTensor tensor : header.tensors()) {
            SafetensorsTensor found = again.find(tensor.name()).orElseThrow();
            Bounds.same(tensor.type(), found.type(), "type of " + tensor);
            Bounds.check(Arrays.equals(tensor.shape(), found.shape()), () -> "shape of " + tensor);
        }
    }
}
