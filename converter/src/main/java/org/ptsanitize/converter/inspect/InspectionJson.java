package org.ptsanitize.converter.inspect;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.JsonParts;
import org.ptsanitize.converter.report.JsonText;
import org.ptsanitize.converter.sanitize.PythonFloat;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/** An inspection as JSON, for programs. The page {@code docs/inspect.md} describes every field. */
public final class InspectionJson {
    /** Version of the layout. */
    public static final int SCHEMA = 1;

    private static final long EXACT = 1L << 53;
    private static final int LONGEST_TEXT = 10_000;
    private static final int MOST_VALUES = 200_000;

    private final JsonWriter json;

    private InspectionJson(Writer out) {
        this.json = JsonText.writer(out);
    }

    /** Writes one inspection, and a line end. */
    public static void write(Inspection inspection, Writer out) throws IOException {
        new InspectionJson(out).write(inspection);
        out.write('\n');
        out.flush();
    }

    private void write(Inspection inspection) throws IOException {
        json.beginObject();
        json.name("schema").value(SCHEMA);
        json.name("input").beginObject();
        text("path", inspection.input().toString());
        json.name("bytes").value(inspection.inputBytes());
        text("container", inspection.container());
        text("writer", inspection.writer());
        json.endObject();
        json.name("convertible").value(inspection.stops().isEmpty());
        text("stops", inspection.stops());
        damaged(inspection.damaged());
        text("prefix", inspection.prefix());
        totals(inspection);
        tensors("tensors", inspection.tensors());
        tensors("outside", inspection.outside());
        JsonParts.ties(json, inspection.ties());
        values(inspection);
        globals(inspection.globals());
        JsonParts.findings(json, inspection.log());
        notes(inspection);
        json.endObject();
        json.flush();
    }

    private void text(String name, String value) throws IOException {
        JsonText.write(json, name, value);
    }

    private void damaged(List<Inspection.Damaged> parts) throws IOException {
        json.name("damaged").beginArray();
        for (Inspection.Damaged part : parts) {
            json.beginObject();
            text("path", part.path());
            text("problem", part.problem());
            json.endObject();
        }
        json.endArray();
    }

    private void totals(Inspection inspection) throws IOException {
        json.name("totals").beginObject();
        json.name("tensors").value(inspection.tensors().size());
        json.name("bytes").value(inspection.tensorBytes());
        json.name("stored_bytes").value(inspection.storedBytes());
        json.name("by_dtype").beginObject();
        for (Map.Entry<String, Inspection.Total> total : inspection.byDtype().entrySet()) {
            json.name(total.getKey()).beginObject();
            json.name("tensors").value(total.getValue().tensors());
            json.name("bytes").value(total.getValue().bytes());
            json.endObject();
        }
        json.endObject();
        json.endObject();
    }

    private void tensors(String name, List<InspectedTensor> tensors) throws IOException {
        json.name(name).beginArray();
        for (InspectedTensor tensor : tensors) {
            json.beginObject();
            text("name", tensor.name());
            text("path", tensor.path());
            json.name("dtype").value(tensor.dtype());
            JsonParts.shape(json, tensor.shape());
            json.name("bytes").value(tensor.bytes());
            if (!tensor.kind().isEmpty()) {
                json.name("kind").value(tensor.kind());
            }
            json.name("storage").value(tensor.storage());
            json.name("storage_bytes").value(tensor.storageBytes());
            json.name("offset").value(tensor.offset());
            json.name("contiguous").value(tensor.contiguous());
            json.endObject();
        }
        json.endArray();
    }

    private record Place(InspectedValue value, @Nullable String path) {}

    /** The primitives by path, in the tree's order, as many as a reader can want; a shared container at its first place. */
    private void values(Inspection inspection) throws IOException {
        json.name("values").beginArray();
        long left = 0;
        int found = 0;
        Deque<Place> stack = new ArrayDeque<>();
        Set<InspectedValue> listed = new HashSet<>();
        inspection.root().ifPresent(root -> stack.push(new Place(root, null)));
        while (!stack.isEmpty()) {
            Place place = stack.pop();
            if (place.value().isContainer() && !listed.add(place.value())) {
                continue;
            }
            if (place.value().primitive().isPresent()) {
                if (++found > MOST_VALUES) {
                    left++;
                } else {
                    value(place, place.value().primitive().get());
                }
            }
            List<InspectedValue> children = place.value().children();
            for (int i = children.size() - 1; i >= 0; i--) {
                InspectedValue child = children.get(i);
                if (child.primitive().isPresent() || child.isContainer()) {
                    String path = place.path() == null ? child.key() : place.path() + "." + child.key();
                    stack.push(new Place(child, path));
                }
            }
        }
        json.endArray();
        json.name("values_not_kept").value(left);
    }

    private void value(Place place, PickleValue value) throws IOException {
        json.beginObject();
        text("path", place.path() == null ? "" : place.path());
        json.name("type").value(place.value().type());
        json.name("value");
        if (value instanceof None) {
            json.nullValue();
        } else if (value instanceof Bool bool) {
            json.value(bool.value());
        } else if (value instanceof Int number && Math.abs(number.value()) < EXACT) {
            json.value(number.value());
        } else if (value instanceof Real number && Double.isFinite(number.value())) {
            json.jsonValue(PythonFloat.repr(number.value()));
        } else if (value instanceof Text text) {
            boolean cut = text.value().length() > LONGEST_TEXT;
            JsonText.write(json, cut ? Escaped.text(text.value(), LONGEST_TEXT) : text.value());
        } else {
            json.value(place.value().text());
        }
        json.endObject();
    }

    private void globals(List<InspectedGlobal> globals) throws IOException {
        json.name("globals").beginArray();
        for (InspectedGlobal global : globals) {
            json.beginObject();
            text("global", global.name());
            json.name("class").value(global.globalClass().text());
            if (!global.danger().isEmpty()) {
                json.name("danger").value(global.danger());
            }
            json.name("count").value(global.count());
            json.name("places").beginArray();
            for (InspectedGlobal.Place place : global.places()) {
                json.beginObject();
                text("pickle", place.pickle());
                json.name("offset").value(place.offset());
                json.endObject();
            }
            json.endArray();
            json.endObject();
        }
        json.endArray();
    }

    private void notes(Inspection inspection) throws IOException {
        json.name("notes").beginArray();
        for (String note : inspection.log().notes()) {
            json.value(Escaped.text(note));
        }
        json.endArray();
    }
}
