package org.ptsanitize.formats.numpy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * Reads the Python literal that describes an array: a dict of texts, numbers, bools, tuples and lists. Lists are given as
 * tuples; escapes in texts are refused, for numpy writes none.
 */
final class HeaderText {
    private static final int DEEPEST = 16;

    private final String text;
    private int at;

    private HeaderText(String text) {
        this.text = text;
    }

    /** The entries of the dict. */
    static Map<String, PickleValue> parse(String text) throws MalformedFileException {
        HeaderText header = new HeaderText(text);
        Map<String, PickleValue> entries = header.dict();
        if (header.peek() != 0) {
            throw header.malformed();
        }
        return entries;
    }

    private Map<String, PickleValue> dict() throws MalformedFileException {
        Map<String, PickleValue> entries = new LinkedHashMap<>();
        expect('{');
        while (peek() != '}') {
            String key = string();
            expect(':');
            if (entries.put(key, value(0)) != null) {
                throw malformed();
            }
            if (peek() != '}') {
                expect(',');
            }
        }
        at++;
        return entries;
    }

    private PickleValue value(int depth) throws MalformedFileException {
        if (depth > DEEPEST) {
            throw malformed();
        }
        char c = peek();
        if (c == '\'' || c == '"') {
            return new Text(string());
        } else if (c == '(' || c == '[') {
            return sequence(c == '(' ? ')' : ']', depth);
        } else if (c >= '0' && c <= '9') {
            return number();
        } else if (text.startsWith("True", at)) {
            at += 4;
            return Bool.TRUE;
        } else if (text.startsWith("False", at)) {
            at += 5;
            return Bool.FALSE;
        }
        throw malformed();
    }

    private PickleValue sequence(char close, int depth) throws MalformedFileException {
        at++;
        List<PickleValue> items = new ArrayList<>();
        while (peek() != close) {
            items.add(value(depth + 1));
            if (peek() != close) {
                expect(',');
            }
        }
        at++;
        return Tuple.of(items.toArray(new PickleValue[0]));
    }

    /** An integer; the versions of Python 2 put an L behind it. */
    private PickleValue number() throws MalformedFileException {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at - start > 18) {
            throw malformed();
        }
        Int number = new Int(Long.parseLong(text.substring(start, at)));
        if (at < text.length() && text.charAt(at) == 'L') {
            at++;
        }
        return number;
    }

    private String string() throws MalformedFileException {
        char quote = peek();
        int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
        if (end < 0 || text.substring(at, end).indexOf('\\') >= 0) {
            throw malformed();
        }
        String result = text.substring(at + 1, end);
        at = end + 1;
        return result;
    }

    private void expect(char wanted) throws MalformedFileException {
        if (peek() != wanted) {
            throw malformed();
        }
        at++;
    }

    /** The next character that is no space, or NUL at the end. */
    private char peek() {
        while (at < text.length() && " \n\t".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private MalformedFileException malformed() {
        return new MalformedFileException("a damaged numpy header", "character " + at + " of the header");
    }
}
