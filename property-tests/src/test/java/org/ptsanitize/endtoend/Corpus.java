package org.ptsanitize.endtoend;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;
import org.ptsanitize.oracle.RepositoryRoot;

/** The two manifests, row by row. */
final class Corpus {
    static final Path FOLDER = RepositoryRoot.find().resolve("corpus");

    private Corpus() {}

    static Stream<Arguments> specimens() {
        return rows("specimens");
    }

    static Stream<Arguments> hostile() {
        return rows("hostile");
    }

    /** Each row, shown as its file. */
    private static Stream<Arguments> rows(String folder) {
        return StreamSupport.stream(manifest(folder).spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .map(row -> Arguments.of(Named.of(row.get("file").getAsString(), row)));
    }

    static JsonArray manifest(String folder) {
        try {
            return JsonParser.parseString(
                            Files.readString(FOLDER.resolve(folder).resolve("manifest.json")))
                    .getAsJsonArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path specimen(JsonObject row) {
        return FOLDER.resolve("specimens").resolve(row.get("file").getAsString());
    }
}
