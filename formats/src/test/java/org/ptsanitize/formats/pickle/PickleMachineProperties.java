package org.ptsanitize.formats.pickle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MemorySource;

/** Whatever the bytes: a value, or an error of the family. */
class PickleMachineProperties {
    private static final Limits SMALL = Limits.defaults().with(Limit.MEMORY, 1 << 20);

    @Property(tries = 5_000)
    void anyBytesAreAValueOrAFileError(@ForAll byte[] bytes) throws IOException {
        readAndList(bytes);
    }

    @Property(tries = 20_000)
    void anyOpcodesAreAValueOrAFileError(@ForAll("opcodes") byte[] bytes) throws IOException {
        readAndList(bytes);
    }

    /** Opcodes that leave enough on the stack to get far, with short arguments. */
    @Provide
    Arbitrary<byte[]> opcodes() {
        return Arbitraries.of(Opcode.values()).list().ofMaxSize(60).map(list -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int i = 0; i < list.size(); i++) {
                out.writeBytes(Pickles.bytes(i % 3 == 0 ? "N" : "", list.get(i), argument(list.get(i), i)));
            }
            out.write('.');
            return out.toByteArray();
        });
    }

    private static byte[] argument(Opcode opcode, int i) {
        return switch (opcode.argument()) {
            case NONE -> new byte[0];
            case U1 -> Pickles.bytes(i % 4);
            case U2 -> Pickles.bytes(i, 0);
            case I4, U4 -> Pickles.u4(i % 4);
            case U8 -> Pickles.u8(i % 40);
            case F8 -> Pickles.u8(i);
            case LINE -> Pickles.bytes(opcode == Opcode.STRING ? "'a'\n" : "1\n");
            case TWO_LINES -> Pickles.bytes("m\nn\n");
            case BYTES_U1, TEXT_U1, INTEGER_U1 -> Pickles.bytes(1, "x");
            case BYTES_I4, BYTES_U4, TEXT_U4, INTEGER_I4 -> Pickles.bytes(Pickles.u4(1), "x");
            case BYTES_U8, TEXT_U8 -> Pickles.bytes(Pickles.u8(1), "x");
        };
    }

    private static void readAndList(byte[] bytes) throws IOException {
        try {
            Pickles.read(bytes, SMALL);
        } catch (FileFormatException expected) {
            requireOneLine(expected);
        }
        try {
            PickleListing.write(MemorySource.of("test", bytes), 0, new Budget(SMALL), new StringBuilder());
        } catch (FileFormatException expected) {
            requireOneLine(expected);
        }
    }

    private static void requireOneLine(FileFormatException error) {
        if (error.getMessage().contains("\n") || error.where().isEmpty()) {
            throw new AssertionError(error);
        }
    }
}
