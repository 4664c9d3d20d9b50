package org.ptsanitize.converter.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ptsanitize.converter.report.HtmlPage.Column;

class HtmlPageTest {
    private static final String HOSTILE =
            "</td><script>alert(1)</script><img src=x onerror=\"alert('`2`')\">&\u202e\u0000\n";
    private static final String HARMLESS = "&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x"
            + " onerror=&quot;alert(&#39;&#96;2&#96;&#39;)&quot;&gt;&amp;\\u202e\\u0000\\n";

    @Test
    void everyTextIsEscaped() throws IOException {
        String page = page(HOSTILE);
        assertEquals(HARMLESS, HtmlPage.escape(HOSTILE));
        assertEquals(8, page.split(java.util.regex.Pattern.quote(HARMLESS), -1).length - 1);
        assertFalse(page.contains("<script"));
        assertFalse(page.contains("<img"));
    }

    @Test
    void nothingButTheOwnStyleSheetIsAllowed() throws IOException {
        String page = page("plain");
        assertTrue(
                page.matches("(?s).*content=\"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}=';"
                        + " base-uri 'none'; form-action 'none'\".*"),
                page);
        assertFalse(page.contains("style=") || page.contains("http://") || page.contains("https://"));
    }

    @Test
    void aScriptIsAllowedByItsHash() throws IOException {
        StringWriter out = new StringWriter();
        HtmlPage.begin(out, "t", "document.title = '';").close();
        assertTrue(
                out.toString().contains("; script-src 'sha256-+vvfIOFUYwf7jOs2oqlZIocD6mDB65mRgagj9MOU+Ok='; "),
                out.toString());
        assertTrue(out.toString().contains("<script>document.title = '';</script>"));
    }

    @Test
    void aRowHasACellForEachColumn() throws IOException {
        HtmlPage page = HtmlPage.begin(new StringWriter(), "t");
        HtmlPage.Table table = page.table(List.of("a"), List.of(Column.TEXT));
        assertThrows(IllegalArgumentException.class, () -> table.row("1", "2"));
        assertThrows(IllegalArgumentException.class, () -> page.table(List.of("a", "b"), List.of(Column.TEXT)));
    }

    private static String page(String text) throws IOException {
        StringWriter out = new StringWriter();
        try (HtmlPage page = HtmlPage.begin(out, text)) {
            page.lead(text);
            page.heading(text);
            page.paragraph(text);
            page.facts(Map.of("what", text));
            try (HtmlPage.Table table = page.table(List.of("n", "b"), List.of(Column.NUMBER, Column.BADGE))) {
                table.row(text, text);
            }
        }
        return out.toString();
    }
}
