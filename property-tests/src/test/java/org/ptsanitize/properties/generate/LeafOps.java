package org.ptsanitize.properties.generate;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** The spellings of values that hold no others. */
final class LeafOps {
    private static final int SHORT_TEXT = 0x8c;
    private static final int LONG_TEXT = 0x8d;
    private static final int LONG_BYTES = 0x8e;
    private static final int NEW_TRUE = 0x88;
    private static final int NEW_FALSE = 0x89;
    private static final int LONG_1 = 0x8a;
    private static final int LONG_4 = 0x8b;
    private static final int MOST_BITS_OF_LONG_1 = 8 * 255 - 1;

    private final PickleStyle style;
    private final Random random;
    private final Ops ops;

    LeafOps(PickleStyle style, Random random, Ops ops) {
        this.style = style;
        this.random = random;
        this.ops = ops;
    }

    /** A name of Python's own module, as this protocol spells it. */
    Sample.Global builtin(String name) {
        return new Sample.Global(style.protocol() < 3 ? "__builtin__" : "builtins", name);
    }

    /** The call a value is written as where no opcode of the protocol makes it. */
    Optional<Sample> callFor(Sample sample) {
        if (sample instanceof Sample.Complex complex) {
            return Optional.of(new Sample.Call(
                    builtin("complex"), new Sample.Real(complex.real()), new Sample.Real(complex.imaginary())));
        }
        if (sample instanceof Sample.Bytes bytes && (style.protocol() < 3 || random.nextInt(5) == 0)) {
            String text = new String(bytes.value(), StandardCharsets.ISO_8859_1);
            return Optional.of(new Sample.Call(
                    new Sample.Global("_codecs", "encode"), new Sample.Text(text), new Sample.Text("latin1")));
        }
        return Optional.empty();
    }

    void write(Sample sample) {
        if (sample instanceof Sample.None) {
            ops.op('N');
        } else if (sample instanceof Sample.Bool bool) {
            writeBool(bool.value());
        } else if (sample instanceof Sample.Int integer) {
            writeInt(integer.value());
        } else if (sample instanceof Sample.Real number) {
            writeFloat(number.value());
        } else if (sample instanceof Sample.Text text) {
            writeText(text.value());
        } else if (sample instanceof Sample.Bytes bytes) {
            writeBytes(bytes.value());
        } else {
            throw new AssertionError("not a leaf: " + sample.getClass());
        }
    }

    private boolean exotic() {
        return style.exotic() && random.nextInt(3) == 0;
    }

    private void writeBool(boolean value) {
        if (style.protocol() < 2 || exotic()) {
            ops.op('I', Ops.line(value ? "01" : "00"));
        } else {
            ops.op(value ? NEW_TRUE : NEW_FALSE);
        }
    }

    private void writeInt(BigInteger value) {
        boolean isInt32 = value.bitLength() < 32;
        if (style.protocol() == 0 || exotic()) {
            if (isInt32) {
                ops.op('I', Ops.line(value.toString()));
            } else {
                ops.op('L', Ops.line(value + "L"));
            }
        } else if (isInt32 && random.nextInt(6) > 0) {
            writeInt32(value.intValue());
        } else if (style.protocol() == 1) {
            ops.op('L', Ops.line(value + "L"));
        } else if (value.bitLength() <= MOST_BITS_OF_LONG_1 && !exotic()) {
            byte[] bytes = Ops.minimal(value);
            ops.op(LONG_1, Ops.u1(bytes.length), bytes);
        } else {
            byte[] bytes = Ops.minimal(value);
            ops.op(LONG_4, Ops.i4(bytes.length), bytes);
        }
    }

    private void writeInt32(int value) {
        boolean shortest = random.nextInt(4) > 0;
        if (value >= 0 && value < 1 << 8 && shortest) {
            ops.op('K', Ops.u1(value));
        } else if (value >= 0 && value < 1 << 16 && shortest) {
            ops.op('M', Ops.u2(value));
        } else {
            ops.op('J', Ops.i4(value));
        }
    }

    private void writeFloat(double value) {
        if (style.protocol() == 0 || exotic()) {
            String text = Double.isNaN(value)
                    ? "nan"
                    : Double.isInfinite(value)
                            ? (value < 0 ? "-inf" : "inf")
                            : Double.toString(value).toLowerCase(Locale.ROOT);
            ops.op('F', Ops.line(text));
        } else {
            ops.op('G', Ops.bigEndianDouble(value));
        }
    }

    private void writeText(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        if (style.protocol() == 0 || exotic()) {
            ops.op('V', Ops.line(rawUnicodeEscape(value)));
        } else if (style.protocol() >= 4 && utf8.length < 256 && random.nextInt(8) > 0) {
            ops.op(SHORT_TEXT, Ops.u1(utf8.length), utf8);
        } else if (style.protocol() >= 4 && random.nextInt(8) == 0) {
            ops.op(LONG_TEXT, Ops.i8(utf8.length), utf8);
        } else {
            ops.op('X', Ops.i4(utf8.length), utf8);
        }
    }

    /** Python's {@code raw-unicode-escape}, with the escapes that keep a text on its line. */
    private static String rawUnicodeEscape(String value) {
        StringBuilder line = new StringBuilder();
        value.codePoints().forEach(c -> {
            if (c > 0xFFFF) {
                line.append(String.format(Locale.ROOT, "\\U%08x", c));
            } else if (c > 0xFF || c == '\\' || c == '\n' || c == '\r' || c == 0 || c == 0x1a) {
                line.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }

    private void writeBytes(byte[] value) {
        if (value.length < 256 && random.nextInt(8) > 0) {
            ops.op('C', Ops.u1(value.length), value);
        } else if (style.protocol() >= 4 && random.nextInt(3) == 0) {
            ops.op(LONG_BYTES, Ops.i8(value.length), value);
        } else {
            ops.op('B', Ops.i4(value.length), value);
        }
    }
}
