package org.ptsanitize.properties.generate;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/** Keys of mappings: how a path spells them, and which of them Python takes for the same. */
public final class Keys {
    private static final List<String> TEXTS = List.of(
            "weight",
            "bias",
            "layer.0.weight",
            "model",
            "optimizer",
            "0",
            "",
            " spaced key ",
            "new\nline",
            "back\\slash",
            "quote'\"",
            "a/b",
            "ключ",
            "名前",
            "naïve",
            "emoji🙂",
            "__class",
            "\u0000\u001b[31m",
            "e\u0301",
            "state_dict");

    private Keys() {}

    /** A random key under which tensors may be. */
    static Sample random(Random random) {
        return switch (random.nextInt(12)) {
            case 0, 1 -> Sample.Int.of(random.nextInt(20) - 3L);
            case 2 -> Sample.Int.of(random.nextLong());
            case 3 -> new Sample.Bool(random.nextBoolean());
            case 4 -> random.nextBoolean() ? Sample.None.NONE : new Sample.Real(random.nextInt(9) - 3.5);
            case 5, 6, 7 -> new Sample.Text("k" + random.nextInt(50));
            default -> new Sample.Text(TEXTS.get(random.nextInt(TEXTS.size())));
        };
    }

    /** The key as part of a path: what {@code str} of it is. */
    public static String text(Sample key) {
        if (key instanceof Sample.Text text) {
            return text.value();
        } else if (key instanceof Sample.Int integer) {
            return integer.value().toString();
        } else if (key instanceof Sample.Bool bool) {
            return bool.value() ? "True" : "False";
        } else if (key instanceof Sample.Real number) {
            return Double.toString(number.value());
        } else if (key instanceof Sample.None) {
            return "None";
        }
        return "a " + key.getClass().getSimpleName();
    }

    /** Equal for two keys exactly if they are one key in Python, where {@code 1}, {@code True} and {@code 1.0} are. */
    static Object identity(Sample key) {
        if (key instanceof Sample.Int integer) {
            return new BigDecimal(integer.value()).stripTrailingZeros();
        } else if (key instanceof Sample.Bool bool) {
            return new BigDecimal(bool.value() ? 1 : 0).stripTrailingZeros();
        } else if (key instanceof Sample.Real number) {
            return BigDecimal.valueOf(number.value()).stripTrailingZeros();
        }
        return key;
    }
}
