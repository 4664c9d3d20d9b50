package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.tensor.TensorView;

/** Every specimen becomes both outputs, which hold exactly the tensors of its manifest row as our own readers see them. */
class CorpusSpecimensTest {
    private static final ConvertOptions AS_IT_IS = ConvertOptions.builder()
            .select(".")
            .onCollision(ConvertOptions.OnCollision.SUFFIX)
            .build();

    /** Names that no safetensors file can hold, and how the refusal spells them. */
    private static final Map<String, String> IMPOSSIBLE =
            Map.of("__metadata__", "__metadata__", "bad\ud800", "bad\\ud800");

    @TempDir
    Path folder;

    static Stream<?> rows() {
        return Corpus.specimens();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void becomesSafetensors(JsonObject row) throws Exception {
        checkSafetensors(row);
    }

    private void checkSafetensors(JsonObject row) throws Exception {
        Path output = folder.resolve("out.safetensors");
        Expectation expected = Expectation.inSafetensors(row);
        for (String name : Expectation.object(row, "tensors").keySet()) {
            if (IMPOSSIBLE.containsKey(name)) {
                UnsupportedFileException refusal = assertThrows(
                        UnsupportedFileException.class, () -> convert(row, output, OutputFormat.SAFETENSORS));
                assertEquals("safetensors cannot hold the name '" + IMPOSSIBLE.get(name) + "'", refusal.problem());
                assertNothingIsLeft();
                return;
            }
        }
        if (expected.isEmpty()) {
            assertThrows(NothingToConvertException.class, () -> convert(row, output, OutputFormat.SAFETENSORS));
            assertNothingIsLeft();
            return;
        }
        Conversion conversion = convert(row, output, OutputFormat.SAFETENSORS);
        assertEquals(List.of(), expected.complaints(Readers.safetensors(output)));
        assertTiesAreToldIn(conversion, row);
        assertWhatHasNoDataIsTold(conversion, row);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void becomesPt(JsonObject row) throws Exception {
        checkPt(row);
    }

    private void checkPt(JsonObject row) throws Exception {
        Path output = folder.resolve("out.pt");
        Expectation expected = Expectation.inPt(row);
        if (expected.isEmpty()) {
            assertThrows(NothingToConvertException.class, () -> convert(row, output, OutputFormat.PT));
            assertNothingIsLeft();
            return;
        }
        Conversion conversion = convert(row, output, OutputFormat.PT);
        Readers.PtContents contents = Readers.pt(output);
        assertEquals(List.of(), expected.complaints(contents.tensors()));
        assertTiesShareStorage(contents, row);
        assertWhatHasNoDataIsTold(conversion, row);
    }

    private static Conversion convert(JsonObject row, Path output, OutputFormat format) throws Exception {
        return new Converter(AS_IT_IS).convert(Corpus.specimen(row), output, format);
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    private static void assertTiesAreToldIn(Conversion conversion, JsonObject row) {
        Set<Set<String>> told = conversion.ties().stream().map(TreeSet::new).collect(Collectors.toSet());
        for (JsonElement group : row.getAsJsonArray("tied")) {
            Set<String> names = names(group.getAsJsonArray());
            assertTrue(told.stream().anyMatch(each -> each.containsAll(names)), names + " is not in " + told);
        }
    }

    private static void assertTiesShareStorage(Readers.PtContents contents, JsonObject row) {
        for (JsonElement group : row.getAsJsonArray("tied")) {
            Set<String> names = names(group.getAsJsonArray());
            TensorView first = contents.views().get(names.iterator().next());
            for (String name : names) {
                TensorView view = contents.views().get(name);
                assertTrue(view != null && view.isSameView(first), "'" + name + "' is another view than " + names);
            }
        }
    }

    private static Set<String> names(JsonArray group) {
        Set<String> names = new TreeSet<>();
        group.forEach(name -> names.add(name.getAsString()));
        return names;
    }

    private static void assertWhatHasNoDataIsTold(Conversion conversion, JsonObject row) {
        Set<String> told = conversion.log().events().stream()
                .filter(event -> event.kind() == Event.Kind.NO_DATA)
                .map(Event::path)
                .collect(Collectors.toSet());
        Expectation.object(row, "special").entrySet().forEach(special -> {
            String kind = special.getValue().getAsJsonObject().get("kind").getAsString();
            if (kind.equals("meta") || kind.equals("uninitialized")) {
                assertTrue(told.contains(special.getKey()), special.getKey() + " is not in " + told);
            }
        });
    }

    /** A row without its file, or a file without its row, is a test that never ran. */
    @Test
    void everyFileHasItsRowAndEveryRowItsFile() throws IOException {
        for (String part : List.of("specimens", "hostile")) {
            Path root = Corpus.FOLDER.resolve(part);
            Set<String> rows = new TreeSet<>();
            Corpus.manifest(part)
                    .forEach(row -> rows.add(row.getAsJsonObject().get("file").getAsString()));
            try (Stream<Path> files = Files.walk(root)) {
                Set<String> present = files.filter(Files::isRegularFile)
                        .map(file -> root.relativize(file).toString().replace('\\', '/'))
                        .filter(name -> !name.equals("manifest.json") && !name.startsWith("."))
                        .map(name -> folderOf(name, rows).orElse(name))
                        .collect(Collectors.toCollection(TreeSet::new));
                assertEquals(rows, present);
            }
        }
    }

    /** The specimen that a file is a part of. */
    private static Optional<String> folderOf(String name, Set<String> rows) {
        return rows.stream().filter(row -> name.startsWith(row + "/")).findFirst();
    }

    /** The page that explains the manifests names every field in them. */
    @Test
    void everyFieldOfTheManifestsIsExplained() throws IOException {
        String page = Files.readString(Corpus.FOLDER.resolve("README.md"));
        for (String part : List.of("specimens", "hostile")) {
            Set<String> fields = new TreeSet<>();
            Corpus.manifest(part)
                    .forEach(row -> fields.addAll(row.getAsJsonObject().keySet()));
            for (String field : fields) {
                assertTrue(page.contains("`" + field + "`"), "corpus/README.md does not explain " + field);
            }
        }
    }
}
