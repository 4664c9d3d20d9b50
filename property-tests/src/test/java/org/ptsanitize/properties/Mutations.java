package org.ptsanitize.properties;

import java.util.Arrays;
import java.util.Random;

/** Damage as files suffer it, and as someone would do it who means harm. */
final class Mutations {
    private static final long[] STRIKING = {
        0,
        1,
        -1,
        255,
        65_535,
        1L << 31,
        (1L << 31) - 1,
        (1L << 32) - 1,
        1L << 32,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private Mutations() {}

    /** A file changed in one to four places. */
    static byte[] mutate(byte[] file, byte[] other, Random random) {
        byte[] changed = file.clone();
        for (int i = random.nextInt(4); i >= 0 && changed.length > 0; i--) {
            changed = once(changed, other, random);
        }
        return changed;
    }

    /** A file with one small change, most often in a number or a name. */
    static byte[] nudge(byte[] file, Random random) {
        byte[] changed = file.clone();
        int at = random.nextInt(file.length);
        if (random.nextBoolean()) {
            changed[at] += (byte) (random.nextBoolean() ? 1 : -1);
            return changed;
        }
        return flipped(changed, at, random);
    }

    private static byte[] once(byte[] file, byte[] other, Random random) {
        int at = random.nextInt(file.length);
        int length = Math.min(file.length - at, 1 + random.nextInt(random.nextBoolean() ? 8 : 200));
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> flipped(file, at, random);
            case 3 -> Arrays.copyOf(file, at);
            case 4 -> spliced(file, at, at, Arrays.copyOfRange(file, at, at + length));
            case 5 -> spliced(file, at, at + length, part(other, length, random));
            case 6 -> spliced(file, at, at + length, new byte[0]);
            case 7 -> number(file, at, random);
            default -> spliced(file, at, at + length, noise(length, random));
        };
    }

    private static byte[] flipped(byte[] file, int at, Random random) {
        file[at] ^= (byte) (1 << random.nextInt(8));
        return file;
    }

    private static byte[] spliced(byte[] file, int from, int to, byte[] insert) {
        byte[] changed = Arrays.copyOf(file, file.length - (to - from) + insert.length);
        System.arraycopy(insert, 0, changed, from, insert.length);
        System.arraycopy(file, to, changed, from + insert.length, file.length - to);
        return changed;
    }

    private static byte[] part(byte[] file, int length, Random random) {
        int from = random.nextInt(file.length);
        return Arrays.copyOfRange(file, from, Math.min(file.length, from + length));
    }

    private static byte[] noise(int length, Random random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A number of 2, 4 or 8 bytes that is on some edge. */
    private static byte[] number(byte[] file, int at, Random random) {
        long value = STRIKING[random.nextInt(STRIKING.length)];
        int width = 2 << random.nextInt(3);
        for (int i = 0; i < width && at + i < file.length; i++) {
            file[at + i] = (byte) (value >>> 8 * i);
        }
        return file;
    }
}
