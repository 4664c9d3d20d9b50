package org.ptsanitize.formats.json;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.SourceStream;

/**
 * A JSON document, token by token. Gson only cuts the text: even when strict it takes {@code 2.0} and {@code "2"} for a
 * long and leaves equal names to its caller, so every method here demands its token first. What is no strict JSON or not
 * the token asked for is malformed; the length of one token is limited. Nesting is the caller's to limit.
 */
public final class StrictJson {
    private static final long EXACT_DIGITS = 18;
    private static final int MEMBER_BYTES = 300;

    private final JsonReader json;
    private final Guard guard;
    private final String subject;
    private final Budget budget;

    /** @param subject how messages call the document */
    public StrictJson(Reader text, String subject, Budget budget) {
        this.guard = new Guard(text, budget, subject);
        this.json = new JsonReader(guard);
        this.json.setStrictness(Strictness.STRICT);
        this.json.setNestingLimit(Integer.MAX_VALUE);
        this.subject = subject;
        this.budget = budget;
    }

    /** Reads the value of one member; returns false to have it passed over. */
    @FunctionalInterface
    public interface Member {
        boolean read(String name) throws IOException;
    }

    /** A document that must be UTF-8. */
    public static StrictJson of(ByteSource bytes, String subject, Budget budget) {
        Reader text = Channels.newReader(
                Channels.newChannel(new SourceStream(bytes)), StandardCharsets.UTF_8.newDecoder(), -1);
        return new StrictJson(text, subject, budget);
    }

    /** The kind of the next token. */
    public JsonToken peek() throws IOException {
        return read(json::peek);
    }

    public void beginObject() throws IOException {
        expect(JsonToken.BEGIN_OBJECT);
        structure(json::beginObject);
    }

    public void endObject() throws IOException {
        expect(JsonToken.END_OBJECT);
        structure(json::endObject);
    }

    /** Reads an object whose members are all different. */
    public void object(Member member) throws IOException {
        object(UnaryOperator.identity(), member);
    }

    /** The same, where members can be spelled in several ways, of which one is compared and handed over. */
    public void object(UnaryOperator<String> spelling, Member member) throws IOException {
        Set<String> seen = new HashSet<>();
        beginObject();
        while (hasNext()) {
            String name = spelling.apply(name());
            budget.spendMemory(MEMBER_BYTES + 2L * name.length(), 0);
            if (!seen.add(name)) {
                throw wrong("the member " + Printable.quote(name) + " twice");
            }
            if (!member.read(name)) {
                skip();
            }
        }
        endObject();
    }

    public void beginArray() throws IOException {
        expect(JsonToken.BEGIN_ARRAY);
        structure(json::beginArray);
    }

    public void endArray() throws IOException {
        expect(JsonToken.END_ARRAY);
        structure(json::endArray);
    }

    /** Whether the open object or array goes on. */
    public boolean hasNext() throws IOException {
        return read(json::hasNext);
    }

    /** The name of the next member. */
    public String name() throws IOException {
        expect(JsonToken.NAME);
        return read(json::nextName);
    }

    /** The next member's name, which must be this one. */
    public void name(String expected) throws IOException {
        String found = name();
        if (!found.equals(expected)) {
            throw wrong("the member " + Printable.quote(found) + ", " + Printable.quote(expected) + " expected");
        }
    }

    public String text() throws IOException {
        expect(JsonToken.STRING);
        return read(json::nextString);
    }

    /** A number as it is written. */
    public String number() throws IOException {
        expect(JsonToken.NUMBER);
        return read(json::nextString);
    }

    /** A number of the form {@code 0|[1-9][0-9]*} of at most 18 digits. */
    public long whole() throws IOException {
        String digits = number();
        boolean good = digits.length() <= EXACT_DIGITS && (digits.length() == 1 || digits.charAt(0) != '0');
        for (int i = 0; i < digits.length() && good; i++) {
            good = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        if (!good) {
            throw wrong("the number " + Printable.quote(digits) + ", a whole one expected");
        }
        return Long.parseLong(digits);
    }

    public boolean bool() throws IOException {
        expect(JsonToken.BOOLEAN);
        return read(json::nextBoolean);
    }

    public void nullValue() throws IOException {
        expect(JsonToken.NULL);
        structure(json::nextNull);
    }

    /** Passes over the next value, whatever it is. */
    public void skip() throws IOException {
        structure(json::skipValue);
    }

    /** Checks that nothing follows. */
    public void end() throws IOException {
        expect(JsonToken.END_DOCUMENT);
    }

    /** The error for this document. */
    public MalformedFileException wrong(String found) {
        return new MalformedFileException(subject + " has " + found);
    }

    private void expect(JsonToken token) throws IOException {
        JsonToken found = peek();
        if (found != token) {
            throw wrong(describe(found) + " where " + describe(token) + " is expected");
        }
    }

    private static String describe(JsonToken token) {
        return switch (token) {
            case BEGIN_ARRAY -> "an array";
            case BEGIN_OBJECT -> "an object";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case NAME -> "a member";
            case END_ARRAY -> "the end of an array";
            case END_OBJECT -> "the end of an object";
            case END_DOCUMENT -> "the end of the text";
        };
    }

    private interface Read<T> {
        T get() throws IOException;
    }

    private interface Step {
        void run() throws IOException;
    }

    private void structure(Step step) throws IOException {
        read(() -> {
            step.run();
            return true;
        });
    }

    private <T> T read(Read<T> read) throws IOException {
        try {
            guard.sinceToken = 0;
            return read.get();
        } catch (CharacterCodingException e) {
            throw new MalformedFileException(subject + " is not UTF-8");
        } catch (MalformedJsonException | EOFException | IllegalStateException | NumberFormatException e) {
            throw new MalformedFileException(subject + " is not strict JSON");
        }
    }

    /** Characters for the JSON reader, which collects a text in memory however long it is: this ends that at a limit. */
    private static final class Guard extends FilterReader {
        private final Budget budget;
        private final String subject;
        private long sinceToken;

        Guard(Reader in, Budget budget, String subject) {
            super(in);
            this.budget = budget;
            this.subject = subject;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            budget.check(Limit.TEXT, sinceToken, subject);
            int count = super.read(buffer, offset, length);
            sinceToken += Math.max(0, count);
            return count;
        }
    }
}
