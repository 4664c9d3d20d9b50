package org.ptsanitize.converter.scan;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Findings that are known and accepted: those in the JSON report of an earlier scan. A call is known as long as its pickle
 * stays the same, byte for byte; a class, in the same part of a file of the same path.
 */
public final class Baseline {
    /** Nothing is known. */
    public static final Baseline NONE = new Baseline(Set.of());

    private final Set<String> fingerprints;

    private Baseline(Set<String> fingerprints) {
        this.fingerprints = fingerprints;
    }

    /**
     * Reads the JSON report of a scan.
     *
     * @throws IllegalArgumentException if the file is none
     */
    public static Baseline read(Path file) throws IOException {
        try (JsonReader json = new JsonReader(new StringReader(Files.readString(file)))) {
            json.setStrictness(Strictness.STRICT);
            Set<String> fingerprints = new HashSet<>();
            json.beginObject();
            expect(json, "schema");
            if (json.peek() != JsonToken.NUMBER || !json.nextString().equals(Integer.toString(ScanJson.SCHEMA))) {
                throw new IllegalStateException("schema " + ScanJson.SCHEMA + " expected");
            }
            while (json.hasNext()) {
                if (json.nextName().equals("files")) {
                    readFiles(json, fingerprints);
                } else {
                    json.skipValue();
                }
            }
            json.endObject();
            return new Baseline(fingerprints);
        } catch (CharacterCodingException | MalformedJsonException | EOFException | IllegalStateException e) {
            throw new IllegalArgumentException(
                    "--baseline " + file + ": not the JSON report of a scan; write one with --format json", e);
        }
    }

    private static void readFiles(JsonReader json, Set<String> fingerprints) throws IOException {
        json.beginArray();
        while (json.hasNext()) {
            json.beginObject();
            while (json.hasNext()) {
                if (json.nextName().equals("findings")) {
                    readFindings(json, fingerprints);
                } else {
                    json.skipValue();
                }
            }
            json.endObject();
        }
        json.endArray();
    }

    private static void readFindings(JsonReader json, Set<String> fingerprints) throws IOException {
        json.beginArray();
        while (json.hasNext()) {
            json.beginObject();
            while (json.hasNext()) {
                if (json.nextName().equals("fingerprint")) {
                    fingerprints.add(json.nextString());
                } else {
                    json.skipValue();
                }
            }
            json.endObject();
        }
        json.endArray();
    }

    private static void expect(JsonReader json, String name) throws IOException {
        if (!json.nextName().equals(name)) {
            throw new IllegalStateException(name + " expected");
        }
    }

    boolean knows(ScanFinding finding) {
        return fingerprints.contains(finding.fingerprint());
    }
}
