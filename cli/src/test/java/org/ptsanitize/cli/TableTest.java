package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private static Table table() {
        Table table = new Table(List.of(Table.Column.left("name"), Table.Column.right("size")));
        table.add("a", "1 B");
        table.add("model.encoder.layers.0.self_attention.weight", "10 kB");
        return table;
    }

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        assertEquals(
                List.of(
                        "name                                           size",
                        "a                                               1 B",
                        "model.encoder.layers.0.self_attention.weight  10 kB"),
                table().lines(new Style(false), Integer.MAX_VALUE));
    }

    @Test
    void theFirstColumnGivesWayInItsMiddle() {
        List<String> lines = table().lines(new Style(false), 27);
        assertEquals("model.enco…on.weight  10 kB", lines.get(2));
        assertEquals(27, lines.get(2).length());
    }

    @Test
    void aWideCharacterIsNeverCutInHalf() {
        assertEquals("\ud83d\ude00…\ud83d\ude00", Table.shortened("\ud83d\ude00".repeat(9), 3));
    }
}
