package org.ptsanitize.properties;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A zip taken apart into its headers, changed in one or two places where readers may disagree, and put together again
 * with an end record that fits.
 */
final class ZipMutant {
    private static final int LOCAL_LENGTH = 30;
    private static final int CENTRAL_LENGTH = 46;
    private static final int END_LENGTH = 22;
    private static final int[] CENTRAL_FIELDS = {4, 6, 8, 10, 12, 14, 16, 20, 24, 32, 34, 36, 38, 42};
    private static final int[] LOCAL_FIELDS = {4, 6, 8, 10, 12, 14, 18, 22, 26, 28};

    /** A central header: its fixed part, name and extra field. */
    private static final class Entry {
        private byte[] head = new byte[0];
        private byte[] name = new byte[0];
        private byte[] extra = new byte[0];

        Entry copy() {
            Entry copy = new Entry();
            copy.head = head.clone();
            copy.name = name.clone();
            copy.extra = extra.clone();
            return copy;
        }

        int offset() {
            return ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(42);
        }

        void offset(int value) {
            put(head, 42, 4, value);
        }
    }

    private final Random random;
    private final byte[] front;
    private final List<Entry> entries = new ArrayList<>();
    private final StringBuilder story = new StringBuilder();

    private ZipMutant(byte[] zip, Random random) {
        this.random = random;
        ByteBuffer file = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int end = zip.length - END_LENGTH;
        int at = file.getInt(end + 16);
        this.front = Arrays.copyOf(zip, at);
        for (int i = file.getShort(end + 10); i > 0; i--) {
            Entry entry = new Entry();
            int nameEnd = at + CENTRAL_LENGTH + file.getShort(at + 28);
            int extraEnd = nameEnd + file.getShort(at + 30);
            entry.head = Arrays.copyOfRange(zip, at, at + CENTRAL_LENGTH);
            entry.name = Arrays.copyOfRange(zip, at + CENTRAL_LENGTH, nameEnd);
            entry.extra = Arrays.copyOfRange(zip, nameEnd, extraEnd);
            entries.add(entry);
            at = extraEnd;
        }
    }

    /** The bytes of a mutant and what was done to it. */
    record Made(byte[] bytes, String story) {}

    static Made of(byte[] zip, Random random) {
        ZipMutant mutant = new ZipMutant(zip, random);
        for (int i = random.nextInt(3); i >= 0; i -= 2) {
            mutant.change();
        }
        byte[] bytes = mutant.assemble();
        return new Made(bytes, mutant.story.toString());
    }

    private void change() {
        Entry one = entries.get(random.nextInt(entries.size()));
        Entry other = entries.get(random.nextInt(entries.size()));
        switch (random.nextInt(15)) {
            case 0, 1 -> centralField(one);
            case 2, 3 -> localField(one);
            case 4 -> swapOffsets(one, other);
            case 5 -> swapNames(one, other);
            case 6 -> centralName(one);
            case 7 -> localName(one);
            case 8 -> sizes64(one);
            case 9 -> unicodeName(one, other);
            case 10 -> duplicate(one, other);
            case 11 -> sizesOf(one, other);
            case 12 -> reorder();
            case 13 -> byteOrder();
            default -> data();
        }
    }

    private void tell(String what, Entry entry) {
        story.append(what)
                .append(" of ")
                .append(new String(entry.name, StandardCharsets.UTF_8))
                .append("; ");
    }

    private void centralField(Entry entry) {
        int field = CENTRAL_FIELDS[random.nextInt(CENTRAL_FIELDS.length)];
        tell("central field " + field, entry);
        field(entry.head, field, field == 16 || field == 20 || field == 24 || field >= 38 ? 4 : 2);
    }

    private void localField(Entry entry) {
        int field = LOCAL_FIELDS[random.nextInt(LOCAL_FIELDS.length)];
        tell("local field " + field, entry);
        field(front, entry.offset() + field, field >= 14 && field <= 22 ? 4 : 2);
    }

    private void field(byte[] bytes, int at, int width) {
        int value = 0;
        for (int i = 0; i < width; i++) {
            value |= (bytes[at + i] & 0xFF) << 8 * i;
        }
        put(
                bytes,
                at,
                width,
                switch (random.nextInt(8)) {
                    case 0 -> 0;
                    case 1 -> -1;
                    case 2 -> value + 1;
                    case 3 -> value - 1;
                    case 4 -> 8;
                    case 5 -> value + 64;
                    case 6 -> value / 2;
                    default -> value ^ 1 << random.nextInt(8 * width);
                });
    }

    private void swapOffsets(Entry one, Entry other) {
        tell("offsets swapped", one);
        int offset = one.offset();
        one.offset(other.offset());
        other.offset(offset);
    }

    private void swapNames(Entry one, Entry other) {
        tell("central names swapped", one);
        byte[] name = one.name;
        one.name = other.name;
        other.name = name;
    }

    private void centralName(Entry entry) {
        tell("central name", entry);
        entry.name = otherName(entry.name);
    }

    private byte[] otherName(byte[] name) {
        String text = new String(name, StandardCharsets.UTF_8);
        String changed =
                switch (random.nextInt(8)) {
                    case 0 -> text.toUpperCase(java.util.Locale.ROOT);
                    case 1 -> text + "/";
                    case 2 -> text + "\0x";
                    case 3 -> text.replace('/', '\\');
                    case 4 -> "/" + text;
                    case 5 -> "./" + text;
                    case 6 -> text.replaceFirst("/", "/./");
                    default -> text.substring(text.indexOf('/') + 1);
                };
        return changed.getBytes(StandardCharsets.UTF_8);
    }

    private void localName(Entry entry) {
        tell("local name", entry);
        int length = entry.name.length;
        front[entry.offset() + LOCAL_LENGTH + random.nextInt(length)] ^= (byte) (1 << random.nextInt(6));
    }

    /** Sizes and offset of 64 bits beside or instead of the 32-bit ones, right or wrong. */
    private void sizes64(Entry entry) {
        tell("64-bit sizes", entry);
        ByteBuffer head = ByteBuffer.wrap(entry.head).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer extra = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
        int wrong = random.nextInt(3) - 1;
        extra.putShort((short) 1).putShort((short) 24);
        extra.putLong(head.getInt(24) + wrong).putLong(head.getInt(20) + wrong);
        extra.putLong(entries.get(random.nextInt(entries.size())).offset());
        entry.extra = extra.array();
        for (int field : new int[] {20, 24, 42}) {
            if (random.nextBoolean()) {
                put(entry.head, field, 4, -1);
            }
        }
    }

    /** Info-ZIP's second name of an entry. */
    private void unicodeName(Entry entry, Entry other) {
        tell("unicode name", entry);
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(entry.name);
        ByteBuffer extra = ByteBuffer.allocate(9 + other.name.length).order(ByteOrder.LITTLE_ENDIAN);
        extra.putShort((short) 0x7075).putShort((short) (5 + other.name.length));
        extra.put((byte) 1).putInt((int) crc.getValue()).put(other.name);
        entry.extra = extra.array();
    }

    private void duplicate(Entry one, Entry other) {
        tell("second entry", one);
        Entry second = one.copy();
        if (random.nextBoolean()) {
            second.offset(other.offset());
            System.arraycopy(other.head, 16, second.head, 16, 12);
        }
        if (random.nextBoolean()) {
            second.name = otherName(one.name);
        }
        entries.add(random.nextInt(entries.size() + 1), second);
    }

    private void sizesOf(Entry one, Entry other) {
        tell("sizes of another", one);
        System.arraycopy(other.head, 16, one.head, 16, 12);
        one.offset(other.offset());
    }

    private void reorder() {
        story.append("directory shuffled; ");
        Collections.shuffle(entries, random);
    }

    private void byteOrder() {
        for (Entry entry : entries) {
            String name = new String(entry.name, StandardCharsets.UTF_8);
            if (name.endsWith("/byteorder")) {
                story.append("byte order; ");
                byte[] text = (random.nextBoolean() ? "bigbig" : "Little").getBytes(StandardCharsets.US_ASCII);
                int at = dataOf(entry);
                if (at < 0 || at > front.length - text.length) {
                    // An earlier change moved the entry out of the file.
                    continue;
                }
                System.arraycopy(text, 0, front, at, text.length);
                if (random.nextBoolean()) {
                    put(entry.head, 20, 4, 3);
                    put(entry.head, 24, 4, 3);
                }
            }
        }
    }

    private void data() {
        Entry entry = entries.get(random.nextInt(entries.size()));
        int size = ByteBuffer.wrap(entry.head).order(ByteOrder.LITTLE_ENDIAN).getInt(24);
        if (size > 0) {
            tell("data", entry);
            int at = Math.min(front.length - 1, dataOf(entry) + random.nextInt(size));
            front[at] ^= (byte) (1 << random.nextInt(8));
        }
    }

    private int dataOf(Entry entry) {
        ByteBuffer file = ByteBuffer.wrap(front).order(ByteOrder.LITTLE_ENDIAN);
        int at = entry.offset();
        return at + LOCAL_LENGTH + (file.getShort(at + 26) & 0xFFFF) + (file.getShort(at + 28) & 0xFFFF);
    }

    private byte[] assemble() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] before = random.nextInt(20) == 0 ? new byte[random.nextInt(80)] : new byte[0];
        if (before.length > 0) {
            story.append("bytes in front; ");
        }
        out.writeBytes(before);
        out.writeBytes(front);
        int start = out.size() - (random.nextBoolean() ? before.length : 0);
        int length = out.size();
        for (Entry entry : entries) {
            put(entry.head, 28, 2, entry.name.length);
            put(entry.head, 30, 2, entry.extra.length);
            out.writeBytes(entry.head);
            out.writeBytes(entry.name);
            out.writeBytes(entry.extra);
        }
        length = out.size() - length;
        ByteBuffer end = ByteBuffer.allocate(END_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        end.putInt(0x06054b50).putInt(0).putShort((short) entries.size()).putShort((short) entries.size());
        end.putInt(length).putInt(start).putShort((short) 0);
        out.writeBytes(end.array());
        if (random.nextInt(20) == 0) {
            story.append("bytes behind; ");
            out.writeBytes(new byte[1 + random.nextInt(30)]);
        }
        return out.toByteArray();
    }

    private static void put(byte[] bytes, int at, int width, int value) {
        for (int i = 0; i < width; i++) {
            bytes[at + i] = (byte) (value >>> 8 * i);
        }
    }
}
