package org.ptsanitize.converter.restore;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.json.StrictJson;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;

/**
 * Everything in our metadata but the tree itself.
 *
 * @param dropped how many calls of which name had been dropped
 * @param from path of the tree in the checkpoint
 * @param prefix path inside the tree that the names lack
 * @param forms what tensors were before they got a form that the format can hold, by name
 * @param ties groups of names that are one tensor
 */
record Facts(
        SortedMap<String, Long> dropped, String from, String prefix, Map<String, Form> forms, List<List<String>> ties) {
    /** Version of the metadata's layout. */
    static final int SCHEMA = 1;

    private static final int ENTRY_BYTES = 120;
    private static final Set<String> NEEDED = Set.of("dropped", "representations", "root", "schema", "ties");

    /** What a tensor was: an element type and a shape. */
    record Form(DType dtype, long[] sizes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Form form && form.dtype == dtype && java.util.Arrays.equals(form.sizes, sizes);
        }

        @Override
        public int hashCode() {
            return 31 * dtype.hashCode() + java.util.Arrays.hashCode(sizes);
        }
    }

    static StrictJson open(String text, Budget budget) {
        return new StrictJson(new StringReader(text), "the metadata", budget);
    }

    /** Reads the facts and passes over the tree. */
    static Facts read(String text, Budget budget) throws IOException {
        return new Reader(open(text, budget), budget).read();
    }

    /** Reads members in the order of their names, which also excludes that one comes twice. */
    private static final class Reader {
        private final StrictJson json;
        private final Budget budget;
        private final SortedMap<String, Long> dropped = new TreeMap<>();
        private final Map<String, Form> forms = new HashMap<>();
        private final List<List<String>> ties = new ArrayList<>();
        private String from = "";
        private String prefix = "";

        Reader(StrictJson json, Budget budget) {
            this.json = json;
            this.budget = budget;
        }

        Facts read() throws IOException {
            List<String> seen = new ArrayList<>();
            json.beginObject();
            while (json.hasNext()) {
                String name = json.name();
                if (!seen.isEmpty() && name.compareTo(seen.get(seen.size() - 1)) <= 0) {
                    throw json.wrong("members in another order");
                }
                seen.add(name);
                member(name);
            }
            json.endObject();
            json.end();
            if (!seen.containsAll(NEEDED)) {
                throw json.wrong("too few members");
            }
            return new Facts(dropped, from, prefix, forms, ties);
        }

        private void member(String name) throws IOException {
            switch (name) {
                case "dropped" -> readDropped();
                case "from" -> from = TreeReader.text(json);
                case "prefix" -> prefix = TreeReader.text(json);
                case "representations" -> readForms();
                case "root" -> json.skip();
                case "schema" -> {
                    String schema = json.number();
                    if (!schema.equals(Integer.toString(SCHEMA))) {
                        throw json.wrong("schema " + Printable.quote(schema) + ", this version reads " + SCHEMA);
                    }
                }
                case "ties" -> readTies();
                default -> throw json.wrong("the unknown member " + Printable.quote(name));
            }
        }

        private void readDropped() throws IOException {
            json.beginObject();
            while (json.hasNext()) {
                String name = json.name();
                budget.spendMemory(ENTRY_BYTES + 2L * name.length(), 0);
                if (dropped.put(name, json.whole()) != null) {
                    throw json.wrong("a member twice");
                }
            }
            json.endObject();
        }

        private void readForms() throws IOException {
            json.beginObject();
            while (json.hasNext()) {
                String name = json.name();
                budget.spendMemory(ENTRY_BYTES + 2L * name.length(), 0);
                if (forms.put(name, readForm()) != null) {
                    throw json.wrong("a member twice");
                }
            }
            json.endObject();
        }

        private Form readForm() throws IOException {
            json.beginObject();
            json.name("dtype");
            String name = json.text();
            DType dtype = DType.ofTorchName(name)
                    .filter(found -> found.torchName().equals(name))
                    .orElseThrow(() -> json.wrong("the unknown dtype " + Printable.quote(name)));
            json.name("kind");
            json.text();
            json.name("shape");
            long[] sizes = new long[Shape.MAX_RANK];
            int rank = 0;
            json.beginArray();
            while (json.hasNext()) {
                if (rank == sizes.length) {
                    throw json.wrong("a shape of more than " + Shape.MAX_RANK + " numbers");
                }
                sizes[rank++] = json.whole();
            }
            json.endArray();
            json.endObject();
            budget.spendMemory(16 + 8L * rank, 0);
            return new Form(dtype, java.util.Arrays.copyOf(sizes, rank));
        }

        private void readTies() throws IOException {
            json.beginArray();
            while (json.hasNext()) {
                List<String> group = new ArrayList<>();
                json.beginArray();
                while (json.hasNext()) {
                    String name = json.text();
                    budget.spendMemory(ENTRY_BYTES + 2L * name.length(), 0);
                    group.add(name);
                }
                json.endArray();
                ties.add(group);
            }
            json.endArray();
        }
    }
}
