package org.ptsanitize.converter.policy;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * A policy as a JSON file: {@code {"schema": 1, "allow": ["package.module.Name", "package.module.*"]}}. Every key is
 * checked; one that is not known is an error, so that a typing mistake cannot pass for a rule.
 */
public final class PolicyFile {
    private static final int SCHEMA = 1;
    private static final Pattern PLACE = Pattern.compile("line [0-9]+ column [0-9]+");

    private PolicyFile() {}

    /**
     * Adds what a file allows to a policy.
     *
     * @throws IllegalArgumentException if the file is not a policy; the message says where and why
     */
    public static Policy read(Path file, Policy base) throws IOException {
        try (JsonReader json = new JsonReader(new StringReader(Files.readString(file)))) {
            json.setStrictness(Strictness.STRICT);
            Policy policy = readPolicy(json, file, base);
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw wrong(file, json, "something follows the object");
            }
            return policy;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("--policy " + file + ": is not UTF-8 text", e);
        } catch (MalformedJsonException | EOFException e) {
            throw new IllegalArgumentException("--policy " + file + ": not valid JSON" + place(e), e);
        }
    }

    /** Where the JSON breaks, out of a message that also holds advice for programmers. */
    private static String place(IOException e) {
        Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
        return place.find() ? " (" + place.group() + ")" : "";
    }

    private static Policy readPolicy(JsonReader json, Path file, Policy base) throws IOException {
        Policy policy = base;
        Set<String> seen = new HashSet<>();
        if (json.peek() != JsonToken.BEGIN_OBJECT) {
            throw wrong(file, json, "a policy is an object");
        }
        json.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            if (!seen.add(key)) {
                throw wrong(file, json, "the key '" + key + "' stands twice");
            }
            switch (key) {
                case "schema" -> {
                    if (json.peek() != JsonToken.NUMBER || !json.nextString().equals(Integer.toString(SCHEMA))) {
                        throw wrong(file, json, "this program reads schema " + SCHEMA);
                    }
                }
                case "allow" -> policy = readAllowed(json, file, policy);
                default -> throw wrong(file, json, "unknown key '" + key + "'; known are schema and allow");
            }
        }
        json.endObject();
        if (!seen.contains("schema")) {
            throw new IllegalArgumentException("--policy " + file + ": the key 'schema' is missing");
        }
        return policy.forManyFiles();
    }

    private static Policy readAllowed(JsonReader json, Path file, Policy base) throws IOException {
        Policy policy = base;
        if (json.peek() != JsonToken.BEGIN_ARRAY) {
            throw wrong(file, json, "'allow' is a list of names");
        }
        json.beginArray();
        while (json.hasNext()) {
            if (json.peek() != JsonToken.STRING) {
                throw wrong(file, json, "'allow' is a list of names");
            }
            String where = json.getPath();
            try {
                policy = policy.allowing(json.nextString());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "--policy " + file + ": " + e.getMessage() + " (at " + where + ")", e);
            }
        }
        json.endArray();
        return policy;
    }

    private static IllegalArgumentException wrong(Path file, JsonReader json, String problem) {
        return new IllegalArgumentException("--policy " + file + ": " + problem + " (at " + json.getPath() + ")");
    }
}
