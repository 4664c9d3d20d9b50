package org.ptsanitize.properties.generate;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Opcodes one after the other, each known by where it begins. */
final class Ops {
    private static final int FRAME = 0x95;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<Integer> starts = new ArrayList<>();

    /** An opcode by its character, with its argument. */
    void op(char code, byte[]... argument) {
        op((int) code, argument);
    }

    void op(int code, byte[]... argument) {
        starts.add(out.size());
        out.write(code);
        for (byte[] part : argument) {
            out.writeBytes(part);
        }
    }

    static byte[] u1(int value) {
        return new byte[] {(byte) value};
    }

    static byte[] u2(int value) {
        return new byte[] {(byte) value, (byte) (value >> 8)};
    }

    static byte[] i4(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    static byte[] i8(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    static byte[] bigEndianDouble(double value) {
        return ByteBuffer.allocate(8).putDouble(value).array();
    }

    static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Two's complement, little-endian, minimal; zero is no bytes. */
    static byte[] minimal(BigInteger value) {
        if (value.signum() == 0) {
            return new byte[0];
        }
        byte[] bytes = value.toByteArray();
        for (int i = 0; i < bytes.length / 2; i++) {
            byte swapped = bytes[i];
            bytes[i] = bytes[bytes.length - 1 - i];
            bytes[bytes.length - 1 - i] = swapped;
        }
        return bytes;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** All opcodes, behind the first some in frames of random lengths and some in none. */
    byte[] framed(Random random) {
        byte[] all = out.toByteArray();
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        framed.write(all, 0, starts.get(1));
        int next = 1;
        while (next < starts.size()) {
            int end = random.nextBoolean() ? starts.size() : next + 1 + random.nextInt(starts.size() - next);
            int from = starts.get(next);
            int to = end < starts.size() ? starts.get(end) : all.length;
            if (random.nextInt(5) > 0) {
                framed.write(FRAME);
                framed.writeBytes(i8(to - (long) from));
            }
            framed.write(all, from, to - from);
            next = end;
        }
        return framed.toByteArray();
    }
}
