package org.ptsanitize.converter.convert;

import com.google.gson.FormattingStyle;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.checkpoint.Input;

/**
 * A safetensors output in several files, with the names and the index that the ecosystem gives them. No file appears
 * before all are written and proven; the index appears last.
 */
final class ShardedOutput {
    private static final String ENDING = ".safetensors";
    private static final int MOST_SHARDS = 99_999;

    private final Path index;
    private final String base;
    private final List<SafetensorsPlan> shards;
    private final SortedMap<String, String> metadata;
    private final ConvertOptions options;
    private final Input source;

    /**
     * @param output the name that the whole would have in one file
     * @param source what is read; no file appears if it changes meanwhile
     * @param metadata what would stand in its header; it goes into the index
     */
    ShardedOutput(
            Path output,
            List<SafetensorsPlan> shards,
            SortedMap<String, String> metadata,
            ConvertOptions options,
            Input source) {
        String name = String.valueOf(output.getFileName());
        this.base = name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
        this.index = output.resolveSibling(base + ENDING + ".index.json");
        this.shards = shards;
        this.metadata = metadata;
        this.options = options;
        this.source = source;
    }

    /** Fills shards up to a size, in the order of the plan; a tensor that is larger has one of its own. */
    static List<SafetensorsPlan> split(SafetensorsPlan plan, long size) throws UnsupportedFileException {
        List<SafetensorsPlan> shards = new ArrayList<>();
        int start = 0;
        long filled = 0;
        for (int i = 0; i < plan.tensors().size(); i++) {
            long bytes = plan.tensors().get(i).byteSize();
            if (i > start && (bytes > size || filled > size - bytes)) {
                shards.add(part(plan, start, i));
                start = i;
                filled = 0;
            }
            filled += bytes;
        }
        shards.add(part(plan, start, plan.tensors().size()));
        if (shards.size() > MOST_SHARDS) {
            throw new UnsupportedFileException(
                    "more than " + MOST_SHARDS + " shards", "", "choose a larger --max-shard-size");
        }
        return shards;
    }

    private static SafetensorsPlan part(SafetensorsPlan plan, int from, int to) {
        return new SafetensorsPlan(plan.tensors().subList(from, to), List.of(), Map.of());
    }

    /** The index, by which the whole is read. */
    Path index() {
        return index;
    }

    /** All files, the index last. */
    List<Path> files() {
        List<Path> files = new ArrayList<>(shards.size() + 1);
        for (int i = 0; i < shards.size(); i++) {
            files.add(index.resolveSibling(shardName(i)));
        }
        files.add(index);
        return files;
    }

    private String shardName(int shard) {
        return String.format(Locale.ROOT, "%s-%05d-of-%05d%s", base, shard + 1, shards.size(), ENDING);
    }

    /** Writes, proves and then names all files. On any failure none of them is left, and none that was there is changed. */
    void write() throws IOException {
        List<Path> targets = files();
        for (Path target : targets) {
            AtomicFile.check(target, options.force());
        }
        SameModel.refuseOthers(base, targets);
        try (FileSet files = new FileSet(options)) {
            for (int i = 0; i < shards.size(); i++) {
                writeShard(files.add(targets.get(i)), shards.get(i));
            }
            writeIndex(files.add(index));
            source.checkUnchanged();
            files.commit();
        }
    }

    private void writeShard(AtomicFile file, SafetensorsPlan shard) throws IOException {
        SortedMap<String, String> format = new TreeMap<>(Map.of(SafetensorsMetadata.FORMAT_KEY, "pt"));
        SafetensorsOutput output = SafetensorsOutput.of(shard, format);
        output.write(file.sink());
        file.flush();
        if (options.verify()) {
            OutputProof.safetensors(file.temporary(), output, options);
        }
    }

    private void writeIndex(AtomicFile file) throws IOException {
        byte[] text = indexJson().getBytes(StandardCharsets.UTF_8);
        file.sink().write(ByteBuffer.wrap(text));
        file.flush();
    }

    private String indexJson() throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        long total = 0;
        for (int i = 0; i < shards.size(); i++) {
            for (PlannedTensor tensor : shards.get(i).tensors()) {
                files.put(tensor.name(), shardName(i));
                total += tensor.byteSize();
            }
        }
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.setStrictness(Strictness.STRICT);
        json.setHtmlSafe(false);
        json.setFormattingStyle(FormattingStyle.PRETTY);
        json.beginObject();
        json.name("metadata").beginObject();
        writeMetadata(json, total);
        json.endObject();
        json.name("weight_map").beginObject();
        for (Map.Entry<String, String> entry : files.entrySet()) {
            json.name(entry.getKey()).value(entry.getValue());
        }
        json.endObject();
        json.endObject();
        json.close();
        return text.append('\n').toString();
    }

    /** The texts in order, with the number in its place; a text of its name gives way. */
    private void writeMetadata(JsonWriter json, long total) throws IOException {
        boolean written = false;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            int order = entry.getKey().compareTo("total_size");
            if (order >= 0 && !written) {
                json.name("total_size").value(total);
                written = true;
            }
            if (order != 0) {
                json.name(entry.getKey()).value(entry.getValue());
            }
        }
        if (!written) {
            json.name("total_size").value(total);
        }
    }
}
