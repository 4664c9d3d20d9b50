package org.ptsanitize.converter.report;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.ptsanitize.formats.bytes.Sha256;

/**
 * A conversion as a CycloneDX 1.6 bill of materials: the output as a machine-learning model, and the input as what it was
 * made from, both with their digests. The same conversion gives the same document: there is no time in it, and its serial
 * number is made of its content (a version-5 UUID).
 */
final class CycloneDx {
    private final JsonWriter json;

    private CycloneDx(Writer out) {
        json = JsonText.writer(out);
    }

    static void write(Conversion conversion, Writer out) throws IOException {
        String outputDigest = conversion.written() ? digest(conversion.output()) : "";
        String inputDigest = digest(conversion.input());
        StringWriter nameless = new StringWriter();
        new CycloneDx(nameless).document(conversion, inputDigest, outputDigest, "");
        new CycloneDx(out).document(conversion, inputDigest, outputDigest, serial(nameless.toString()));
        out.write('\n');
        out.flush();
    }

    private void document(Conversion conversion, String inputDigest, String outputDigest, String serial)
            throws IOException {
        json.beginObject();
        json.name("$schema").value("http://cyclonedx.org/schema/bom-1.6.schema.json");
        json.name("bomFormat").value("CycloneDX");
        json.name("specVersion").value("1.6");
        if (!serial.isEmpty()) {
            json.name("serialNumber").value(serial);
        }
        json.name("version").value(1);
        json.name("metadata").beginObject();
        json.name("tools").beginObject().name("components").beginArray();
        json.beginObject().name("type").value("application");
        json.name("name").value("ptsanitize").endObject();
        json.endArray().endObject();
        json.endObject();
        json.name("components").beginArray();
        model(conversion, inputDigest, outputDigest);
        json.endArray();
        json.endObject();
        json.flush();
    }

    private void model(Conversion conversion, String inputDigest, String outputDigest) throws IOException {
        json.beginObject();
        json.name("type").value("machine-learning-model");
        json.name("bom-ref").value("output");
        json.name("name").value(name(conversion.output()));
        hashes(outputDigest);
        json.name("pedigree").beginObject().name("ancestors").beginArray();
        json.beginObject();
        json.name("type").value("machine-learning-model");
        json.name("bom-ref").value("input");
        json.name("name").value(name(conversion.input()));
        hashes(inputDigest);
        json.name("properties").beginArray();
        property("container", conversion.container().description());
        property("writer", conversion.writer());
        property("bytes", Long.toString(conversion.inputSize()));
        for (Severity severity : Severity.values()) {
            property(
                    "findings:" + severity.text(),
                    Long.toString(conversion.log().findings(severity)));
        }
        json.endArray().endObject().endArray();
        json.name("notes").value("Converted by ptsanitize without running anything in it.");
        json.endObject();
        card(conversion);
        json.name("properties").beginArray();
        property("format", conversion.format());
        property("bytes", Long.toString(conversion.outputSize()));
        property("verified", Boolean.toString(conversion.verified()));
        for (String need : conversion.needs()) {
            property("needs", need);
        }
        for (Event.Kind kind : Event.Kind.values()) {
            if (conversion.log().count(kind) > 0) {
                property(
                        "changes:" + kind.text(), Long.toString(conversion.log().count(kind)));
            }
        }
        json.endArray();
        json.endObject();
    }

    private void card(Conversion conversion) throws IOException {
        Map<String, Long> bytes = new TreeMap<>();
        conversion.tensors().forEach(tensor -> bytes.merge(tensor.dtype(), tensor.bytes(), Long::sum));
        json.name("modelCard").beginObject();
        json.name("bom-ref").value("card");
        json.name("properties").beginArray();
        property("tensors", Integer.toString(conversion.tensors().size()));
        property("tensor-bytes", Long.toString(conversion.tensorBytes()));
        for (Map.Entry<String, Long> dtype : bytes.entrySet()) {
            property("tensor-bytes:" + dtype.getKey(), Long.toString(dtype.getValue()));
        }
        json.endArray().endObject();
    }

    private void property(String name, String value) throws IOException {
        json.beginObject().name("name").value("ptsanitize:" + name);
        json.name("value").value(Escaped.text(value)).endObject();
    }

    private void hashes(String digest) throws IOException {
        if (!digest.isEmpty()) {
            json.name("hashes").beginArray().beginObject();
            json.name("alg").value("SHA-256");
            json.name("content").value(digest).endObject().endArray();
        }
    }

    private static String name(Path path) {
        return Escaped.text(String.valueOf(path.getFileName()));
    }

    /** The SHA-256 of a file; empty for a folder. */
    private static String digest(Path path) throws IOException {
        return Files.isRegularFile(path) ? Sha256.hex(path) : "";
    }

    /** A version-5 UUID of a text (RFC 9562), in the namespace for names of any kind of this program. */
    private static String serial(String text) {
        MessageDigest digest = sha1();
        digest.update("ptsanitize".getBytes(StandardCharsets.UTF_8));
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        long high = bytes.getLong() & ~0xF000L | 0x5000L;
        long low = bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return "urn:uuid:" + new UUID(high, low);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }
}
