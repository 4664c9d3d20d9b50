package org.ptsanitize.converter.sanitize;

import org.ptsanitize.formats.pickle.PickleValue;

/**
 * A primitive: {@code None}, a bool, an integer, a float, a text, {@code bytes} or {@code bytearray}. Python 2 strings
 * have been decided by then: they are text if they are UTF-8, else bytes.
 */
public record Leaf(PickleValue value) implements Node {
    public static final Leaf NONE = new Leaf(PickleValue.None.NONE);

    public static Leaf of(String text) {
        return new Leaf(new PickleValue.Text(text));
    }

    public static Leaf of(long number) {
        return new Leaf(new PickleValue.Int(number));
    }

    public static Leaf of(double number) {
        return new Leaf(new PickleValue.Real(number));
    }

    public static Leaf of(boolean value) {
        return new Leaf(PickleValue.Bool.of(value));
    }
}
