package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ptsanitize.converter.migrate.Outcome;
import org.ptsanitize.converter.migrate.UnitRecord;

class ProgressTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(
            new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));

    private static UnitRecord unit(String source, Outcome outcome, String reason) {
        return new UnitRecord(
                source,
                List.of(),
                500,
                outcome,
                "",
                List.of(),
                List.of(),
                0,
                0,
                new TreeMap<>(),
                new TreeMap<>(),
                reason);
    }

    private String shown() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private void awaitText(String text) throws InterruptedException {
        while (!shown().contains(text)) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Test
    @Timeout(60)
    void onATerminalTheLinesArePaintedOver() throws InterruptedException {
        try (Progress progress = new Progress(terminal, true, true, false)) {
            progress.looking(1234);
            awaitText("looking: 1,234 files\n");
            progress.watch(() -> 250);
            progress.planned(7, 2000, 0);
            for (int i = 0; i < 6; i++) {
                progress.started("file" + i + "\u001b[31m");
            }
            awaitText("0 of 7 files, 250 B of 2.0 kB");
            awaitText("  file0\\u001b[31m\n");
            awaitText("  and 2 more\n");
            assertTrue(shown().contains("\u001b[1A\r\u001b[J"), "one line was painted over");
            progress.finished(unit("file0\u001b[31m", Outcome.FAILED, "is broken"));
            awaitText("ptsanitize: file0\\u001b[31m: is broken\n");
            awaitText("1 of 7 files, 750 B of 2.0 kB");
            awaitText(", 1 failed\n");
        }
        assertTrue(shown().endsWith("A\r\u001b[J"), "nothing stays painted");
    }

    @Test
    void whatIsNotShownTellsOnlyOfFailures() {
        try (Progress progress = new Progress(terminal, false, false, false)) {
            progress.planned(2, 1000, 0);
            progress.started("good.pt");
            progress.finished(unit("good.pt", Outcome.CONVERTED, ""));
            progress.started("bad.pt");
            progress.finished(unit("bad.pt", Outcome.FAILED, "is broken"));
        }
        assertEquals("ptsanitize: bad.pt: is broken\n", shown());
    }

    @Test
    void durationsHaveTwoUnitsAtMost() {
        assertEquals("5 s", Progress.duration(5));
        assertEquals("12 min", Progress.duration(12 * 60 + 59));
        assertEquals("3 h 20 min", Progress.duration(3 * 3600 + 20 * 60));
        assertEquals("2 d 1 h", Progress.duration(49 * 3600));
    }
}
