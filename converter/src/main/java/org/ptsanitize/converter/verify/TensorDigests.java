package org.ptsanitize.converter.verify;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.converter.report.JsonText;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.json.StrictJson;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * SHA-256 of the tensors of a checkpoint, to be checked when the checkpoint itself is gone. The page
 * {@code docs/verify.md} describes the file.
 */
public final class TensorDigests {
    private static final int SCHEMA = 1;
    private static final String ALGORITHM = "sha256";
    private static final int ENTRY_BYTES = 400;

    private final String from;
    private final List<Entry> entries;

    private TensorDigests(String from, List<Entry> entries) {
        this.from = from;
        this.entries = entries;
    }

    /** A tensor: its name in a converted file, its path below {@code from}, and its digest in hexadecimal. */
    private record Entry(String name, String path, DType dtype, List<Long> shape, String sha256) {
        Held held() {
            return new Held(path, dtype, shape, Optional.empty(), sha256, Optional.empty());
        }
    }

    /** @param ways the names as paths, and as a conversion would shorten them */
    static TensorDigests of(List<Holding> ways, String from) throws IOException {
        TensorHash hash = new TensorHash();
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, Held> one : ways.get(ways.size() - 1).byName().entrySet()) {
            Held held = one.getValue();
            TensorView view = held.view().orElseThrow();
            entries.add(new Entry(one.getKey(), held.path(), held.dtype(), held.shape(), hash.of(view)));
        }
        return new TensorDigests(from, entries);
    }

    /** How many tensors there are. */
    public int size() {
        return entries.size();
    }

    /** @param recorded the part of the original that the copy says it holds */
    List<Holding> holdings(String recorded) {
        List<Holding> ways = new ArrayList<>();
        ways.add(Holding.of("", entries, Entry::path, Entry::held));
        if (!recorded.isEmpty() && !recorded.equals(from)) {
            String prefix = recorded + ".";
            List<Entry> below = entries.stream()
                    .filter(entry -> entry.path.startsWith(prefix))
                    .toList();
            ways.add(Holding.of(
                    "below '" + Printable.line(recorded) + "'",
                    below,
                    entry -> entry.path.substring(prefix.length()),
                    Entry::held));
        }
        ways.add(Holding.of("as converted", entries, Entry::name, Entry::held));
        return ways;
    }

    /** Writes the digests as JSON. */
    public void write(Writer out) throws IOException {
        JsonWriter json = JsonText.writer(out);
        json.beginObject();
        json.name("schema").value(SCHEMA);
        json.name("algorithm").value(ALGORITHM);
        JsonText.write(json, "from", from);
        json.name("tensors").beginArray();
        for (Entry entry : entries) {
            json.beginObject();
            JsonText.write(json, "name", entry.name);
            JsonText.write(json, "path", entry.path);
            json.name("dtype").value(entry.dtype.torchName());
            json.name("shape").beginArray();
            for (long size : entry.shape) {
                json.value(size);
            }
            json.endArray();
            json.name("sha256").value(entry.sha256);
            json.endObject();
        }
        json.endArray();
        json.endObject();
        json.flush();
        out.write('\n');
        out.flush();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws FileFormatException if it is something else
     */
    public static TensorDigests read(Reader text, Budget budget) throws IOException {
        StrictJson json = new StrictJson(text, "the file of digests", budget);
        json.beginObject();
        json.name("schema");
        if (json.whole() != SCHEMA) {
            throw json.wrong("another schema; this version reads " + SCHEMA);
        }
        json.name("algorithm");
        if (!json.text().equals(ALGORITHM)) {
            throw json.wrong("another algorithm; this version reads " + ALGORITHM);
        }
        json.name("from");
        String from = json.text();
        List<Entry> entries = new ArrayList<>();
        json.name("tensors");
        json.beginArray();
        while (json.hasNext()) {
            entries.add(readEntry(json, budget));
        }
        json.endArray();
        json.endObject();
        json.end();
        return new TensorDigests(from, entries);
    }

    private static Entry readEntry(StrictJson json, Budget budget) throws IOException {
        json.beginObject();
        json.name("name");
        String name = json.text();
        json.name("path");
        String path = json.text();
        json.name("dtype");
        String dtype = json.text();
        json.name("shape");
        List<Long> shape = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            if (shape.size() == Shape.MAX_RANK) {
                throw json.wrong("a shape of more than " + Shape.MAX_RANK + " numbers");
            }
            shape.add(json.whole());
        }
        json.endArray();
        json.name("sha256");
        String sha256 = json.text();
        json.endObject();
        budget.spendMemory(ENTRY_BYTES + 2L * (name.length() + path.length()), 0);
        DType known =
                DType.ofTorchName(dtype).orElseThrow(() -> json.wrong("the unknown dtype " + Printable.quote(dtype)));
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw json.wrong("the digest " + Printable.quote(sha256) + ", which is none");
        }
        return new Entry(name, path, known, List.copyOf(shape), sha256);
    }
}
