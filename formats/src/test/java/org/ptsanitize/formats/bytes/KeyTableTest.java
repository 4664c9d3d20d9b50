package org.ptsanitize.formats.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyTableTest {
    private final List<Object> keys = new ArrayList<>();

    /** Adds a key as users do: what is new gets the next index. */
    private int add(KeyTable table, Object key) {
        int before = table.add(key, keys.size());
        if (before < 0) {
            keys.add(key);
        }
        return before;
    }

    private KeyTable table(int expected) {
        return new KeyTable(expected, keys::get);
    }

    @Test
    void aTableWithoutKeysFindsNothing() {
        assertEquals(-1, table(0).find("a"));
        assertEquals(-1, table(1000).find("a"));
    }

    @Test
    void anEqualKeyKeepsTheFirstIndex() {
        KeyTable table = table(2);
        assertEquals(-1, add(table, "a"));
        assertEquals(-1, add(table, "b"));
        assertEquals(0, add(table, new String("a")));
        assertEquals(1, table.find(new String("b")));
        assertEquals(-1, table.find("c"));
    }

    @Test
    void itAgreesWithAMapWhateverSizeWasExpected() {
        for (int expected : new int[] {0, 10, 5_000, 100_000}) {
            keys.clear();
            KeyTable table = table(expected);
            Map<Object, Integer> map = new HashMap<>();
            Random random = new Random(expected);
            for (int i = 0; i < 40_000; i++) {
                Object key = random.nextBoolean() ? "layer." + random.nextInt(20_000) : (Object) (long) i;
                Integer before = map.putIfAbsent(key, keys.size());
                assertEquals(before == null ? -1 : before, add(table, key));
            }
            map.forEach((key, index) -> assertEquals(index, table.find(key)));
            assertEquals(-1, table.find("layer.-1"));
        }
    }

    /** Texts of one hash, which a file can hold as many of as it likes. */
    @Test
    void manyKeysOfOneHashStayDistinct() {
        KeyTable table = table(4);
        List<String> texts = sameHashes(12);
        texts.forEach(text -> assertEquals(-1, add(table, text)));
        for (int i = 0; i < 1000; i++) {
            assertEquals(-1, add(table, "other" + i));
        }
        for (int i = 0; i < texts.size(); i++) {
            assertEquals(texts.get(0).hashCode(), texts.get(i).hashCode());
            assertEquals(i, table.find(texts.get(i)));
            assertEquals(i, add(table, texts.get(i)));
        }
        assertEquals(-1, table.find("Aa".repeat(11) + "Ab"));
        assertEquals(-1, table.find("Aa".repeat(13)));
    }

    private static List<String> sameHashes(int pairs) {
        List<String> texts = List.of("");
        for (int i = 0; i < pairs; i++) {
            List<String> longer = new ArrayList<>();
            for (String text : texts) {
                longer.add(text + "Aa");
                longer.add(text + "BB");
            }
            texts = longer;
        }
        return texts;
    }

    /** Different hashes that lead to one part of the table, before and after it grows. */
    @Test
    void keysThatCrowdOnePartAreFound() {
        KeyTable table = table(0);
        List<Long> crowd = new ArrayList<>();
        for (long i = 0; crowd.size() < 500; i += 1L << 20) {
            crowd.add(i * 16);
        }
        crowd.forEach(key -> assertEquals(-1, add(table, key)));
        for (int i = 0; i < crowd.size(); i++) {
            assertEquals(i, table.find(crowd.get(i)));
        }
    }
}
