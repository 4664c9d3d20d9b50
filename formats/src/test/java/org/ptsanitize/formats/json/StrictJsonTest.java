package org.ptsanitize.formats.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MalformedFileException;

class StrictJsonTest {
    private static StrictJson json(String text) {
        return new StrictJson(new StringReader(text), "the text", new Budget(Limits.defaults()));
    }

    @Test
    void aWholeNumberIsOnlyTheDigitsOfOne() throws IOException {
        assertEquals(120, json("120").whole());
        for (String text : new String[] {"1.0", "1e2", "-1", "9223372036854775807"}) {
            MalformedFileException e =
                    assertThrows(MalformedFileException.class, () -> json(text).whole());
            assertEquals("the text has the number \"" + text + "\", a whole one expected", e.getMessage());
        }
    }

    @Test
    void aTextIsNoNumber() {
        MalformedFileException e =
                assertThrows(MalformedFileException.class, () -> json("\"1\"").whole());
        assertEquals("the text has a text where a number is expected", e.getMessage());
    }

    @Test
    void whatIsNotJsonIsMalformed() {
        for (String text : new String[] {"", "{", "[1,]", "'a'", "NaN", "// no\n1", "{1:2}", "[1 2]"}) {
            MalformedFileException e = assertThrows(MalformedFileException.class, () -> {
                StrictJson json = json(text);
                json.skip();
                json.end();
            });
            assertEquals("the text is not strict JSON", e.getMessage(), text);
        }
    }

    @Test
    void somethingBehindTheEndIsMalformed() throws IOException {
        StrictJson json = json("1 2");
        json.skip();
        assertThrows(MalformedFileException.class, json::end);
    }

    @Test
    void membersThatNobodyReadsArePassedOver() throws IOException {
        List<String> read = new ArrayList<>();
        StrictJson json = json("{\"a\": {\"b\": [1, {}]}, \"c\": \"text\", \"d\": null}");
        json.object(name -> name.equals("c") && read.add(name + json.text()));
        json.end();
        assertEquals(List.of("ctext"), read);
    }

    @Test
    void anObjectHasEachMemberOnce() {
        MalformedFileException e =
                assertThrows(MalformedFileException.class, () -> json("{\"a\": 1, \"b\": {\"a\": 1}, \"a\": 1}")
                        .object(name -> false));
        assertEquals("the text has the member \"a\" twice", e.getMessage());
        assertThrows(MalformedFileException.class, () -> json("{\"a\": 1, \"A\": 1}")
                .object(name -> name.toLowerCase(Locale.ROOT), name -> false));
    }

    @Test
    void theMembersOfAnObjectTakeMemory() {
        StrictJson json = new StrictJson(
                new StringReader("{\"a\": 1, \"b\": 1, \"c\": 1, \"d\": 1}"),
                "the text",
                new Budget(Limits.defaults().with(Limit.MEMORY, 1000)));
        assertThrows(LimitExceededException.class, () -> json.object(name -> false));
    }

    @Test
    void oneLongTokenIsOverTheLimit() {
        StrictJson json = new StrictJson(
                new StringReader("\"" + "x".repeat(100_000) + "\""),
                "the text",
                new Budget(Limits.defaults().with(Limit.TEXT, 10_000)));
        assertThrows(LimitExceededException.class, json::text);
    }
}
