package org.ptsanitize.formats.pickle;

import java.io.IOException;
import java.math.BigInteger;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;

/**
 * A pickle's opcodes as lines a person can read: {@code offset: OPCODE argument}. Text from the pickle is escaped, so
 * that it cannot steer a terminal, and long arguments are cut. Nothing is followed: what a listing shows is what the
 * bytes say, not what they would build.
 */
public final class PickleListing {
    /** Bytes of an argument that are shown. */
    private static final int SHOWN = 96;

    private final Meter meter;
    private final PickleInput in;

    private PickleListing(ByteSource source, long offset, Budget budget) throws FileFormatException {
        meter = new Meter(budget);
        in = new PickleInput(source, offset, meter, true);
    }

    /**
     * Lists the pickle that begins at {@code offset}, to its STOP.
     *
     * @return the position of the first byte behind STOP
     * @throws FileFormatException where the listing cannot go on; the lines before are written already
     */
    public static long write(ByteSource source, long offset, Budget budget, Appendable out) throws IOException {
        return new PickleListing(source, offset, budget).list(out);
    }

    private long list(Appendable out) throws IOException {
        Opcode opcode;
        do {
            opcode = in.next();
            String argument = argument(opcode);
            out.append(Long.toString(meter.offset())).append(": ").append(opcode.name());
            out.append(argument.isEmpty() ? "" : " ").append(argument).append('\n');
        } while (opcode != Opcode.STOP);
        in.end();
        return in.position();
    }

    private String argument(Opcode opcode) throws IOException {
        return switch (opcode.argument()) {
            case NONE -> "";
            case U1 -> Integer.toString(in.u1());
            case U2 -> Integer.toString(in.u2());
            case I4 -> Integer.toString(in.i4());
            case U4 -> Long.toString(in.u4());
            case U8 -> frame(in.u8());
            case F8 -> Double.toString(in.f8());
            case LINE -> line();
            case TWO_LINES -> line() + " " + line();
            case BYTES_U1 -> bytes(in.u1());
            case BYTES_I4 -> bytes(in.i4());
            case BYTES_U4 -> bytes(in.u4());
            case BYTES_U8 -> bytes(in.u8());
            case TEXT_U1 -> text(in.u1());
            case TEXT_U4 -> text(in.u4());
            case TEXT_U8 -> text(in.u8());
            case INTEGER_U1 -> integer(in.u1());
            case INTEGER_I4 -> integer(in.i4());
        };
    }

    private String frame(long length) throws IOException {
        in.beginFrame(length);
        return Long.toString(length);
    }

    private String line() throws IOException {
        byte[] line = in.line();
        return Escaped.text(line, Math.min(line.length, SHOWN)) + more(line.length);
    }

    private String text(long length) throws IOException {
        byte[] shown = shown(length);
        return Escaped.text(shown, shown.length) + more(length);
    }

    private String bytes(long length) throws IOException {
        byte[] shown = shown(length);
        return "b" + Escaped.bytes(shown, shown.length) + more(length);
    }

    private String integer(int length) throws IOException {
        byte[] shown = shown(length);
        if (length > SHOWN) {
            return length + " bytes";
        }
        byte[] bigEndian = new byte[shown.length + 1];
        for (int i = 0; i < shown.length; i++) {
            bigEndian[shown.length - i] = shown[i];
        }
        bigEndian[0] = (byte) (shown.length > 0 && shown[shown.length - 1] < 0 ? -1 : 0);
        return new BigInteger(bigEndian).toString();
    }

    private byte[] shown(long length) throws IOException {
        if (length < 0) {
            throw meter.malformed(meter.opcode() + " with the negative length " + length);
        }
        in.require(length);
        byte[] shown = in.bytes((int) Math.min(length, SHOWN));
        in.range(length - shown.length);
        return shown;
    }

    private static String more(long length) {
        return length > SHOWN ? "… (" + length + " bytes)" : "";
    }
}
