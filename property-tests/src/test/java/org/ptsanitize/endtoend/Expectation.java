package org.ptsanitize.endtoend;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** What a row of a manifest demands of an output, whatever reads it. */
final class Expectation {
    private final Map<String, Facts> exact = new LinkedHashMap<>();
    private final List<Facts> underAnyName = new ArrayList<>();
    private final Map<String, List<Facts>> below = new LinkedHashMap<>();
    private final Map<String, Facts> optional = new HashMap<>();
    private final Set<String> forbidden = new TreeSet<>();
    private final Set<String> values = new TreeSet<>();
    private final UnaryOperator<Facts> form;

    /** @param form how the output's format writes a tensor of the manifest */
    private Expectation(UnaryOperator<Facts> form) {
        this.form = form;
    }

    static Expectation inSafetensors(JsonObject row) {
        return of(row, Facts::inSafetensors);
    }

    static Expectation inPt(JsonObject row) {
        return of(row, UnaryOperator.identity());
    }

    private static Expectation of(JsonObject row, UnaryOperator<Facts> form) {
        Expectation expected = new Expectation(form);
        Set<String> anyName = new TreeSet<>(strings(row, "any_name"));
        JsonObject collisions = object(row, "collisions");
        object(row, "tensors").entrySet().forEach(tensor -> {
            Facts facts = form.apply(Facts.of(tensor.getValue()));
            if (collisions.has(tensor.getKey())) {
                collisions
                        .getAsJsonArray(tensor.getKey())
                        .forEach(each -> expected.underAnyName.add(form.apply(Facts.of(each))));
            } else if (anyName.contains(tensor.getKey())) {
                expected.underAnyName.add(facts);
            } else {
                expected.exact.put(tensor.getKey(), facts);
            }
        });
        object(row, "optional")
                .entrySet()
                .forEach(tensor -> expected.optional.put(tensor.getKey(), form.apply(Facts.of(tensor.getValue()))));
        expected.forbidden.addAll(strings(row, "forbidden"));
        object(row, "special")
                .entrySet()
                .forEach(special ->
                        expected.addSpecial(special.getKey(), special.getValue().getAsJsonObject()));
        return expected;
    }

    private void addSpecial(String path, JsonObject special) {
        switch (special.get("kind").getAsString()) {
            case "quantized" -> addQuantized(path, special);
            case "sparse" ->
                special.getAsJsonObject("parts")
                        .entrySet()
                        .forEach(part -> add(path + "." + part.getKey(), Facts.of(part.getValue())));
            case "nested" -> {
                int i = 0;
                for (JsonElement rowOfIt : special.getAsJsonArray("rows")) {
                    add(path + "." + i++, Facts.of(rowOfIt));
                }
            }
            case "jagged", "wrapper" ->
                special.getAsJsonObject("parts").entrySet().forEach(part -> addBelow(path, Facts.of(part.getValue())));
            case "storage" -> add(path, Facts.of(special));
            case "generator" -> addBelow(path, Facts.of(special.get("state")));
            case "meta", "uninitialized" -> forbidden.add(path);
            case "ndarray" -> {
                // Texts and times are values, not tensors; but times may be split into their integers.
                values.add(path + ".data");
            }
            default -> throw new AssertionError(special);
        }
    }

    private void addQuantized(String path, JsonObject special) {
        Facts integers = Facts.of(special.get("integers"));
        add(
                path,
                new Facts(
                        special.get("dtype").getAsString(),
                        Facts.of(withSha(special, integers)).shape(),
                        integers.sha256()));
        if (special.has("axis")) {
            add(path + ".scale", Facts.of(special.get("scales")));
            add(path + ".zero_point", Facts.of(special.get("zero_points")));
        } else {
            add(path + ".scale", Facts.ofDouble(special.get("scale").getAsDouble()));
            add(path + ".zero_point", Facts.ofLong(special.get("zero_point").getAsLong()));
        }
    }

    private static JsonObject withSha(JsonObject special, Facts integers) {
        JsonObject copy = special.deepCopy();
        copy.addProperty("sha256", integers.sha256());
        return copy;
    }

    private void add(String path, Facts facts) {
        exact.put(path, form.apply(facts));
    }

    private void addBelow(String path, Facts facts) {
        below.computeIfAbsent(path, p -> new ArrayList<>()).add(form.apply(facts));
    }

    boolean isEmpty() {
        return exact.isEmpty() && underAnyName.isEmpty() && below.isEmpty();
    }

    /** Everything in which an output differs from what is demanded, one sentence each. */
    List<String> complaints(Map<String, Facts> output) {
        List<String> complaints = new ArrayList<>();
        Map<String, Facts> rest = new LinkedHashMap<>(output);
        exact.forEach((name, wanted) -> {
            Facts found = rest.remove(name);
            if (found == null && !takeThroughObject(rest, name, wanted)) {
                complaints.add("'" + name + "' is missing");
            } else if (found == null) {
                // An object offers two ways to the tensor, and the other one was taken.
            } else if (!matches(wanted, found)) {
                complaints.add("'" + name + "' is " + found + ", not " + wanted);
            }
        });
        below.forEach((path, all) -> all.forEach(wanted -> {
            if (!take(rest, wanted, path)) {
                complaints.add("nothing below '" + path + "' is " + wanted);
            }
        }));
        for (Facts wanted : underAnyName) {
            if (!take(rest, wanted, "")) {
                complaints.add("no name holds " + wanted);
            }
        }
        rest.forEach((name, found) -> {
            Facts allowed = optional.get(name);
            if (!values.contains(name) && (allowed == null || !matches(allowed, found))) {
                complaints.add("'" + name + "' should not be there: " + found);
            }
        });
        forbidden.stream().filter(output::containsKey).forEach(name -> complaints.add("'" + name + "' is forbidden"));
        return complaints;
    }

    /** Packed integers are one flat run of bytes whose length the digest proves. */
    private static boolean matches(Facts wanted, Facts found) {
        boolean sameShape = wanted.shape().equals(found.shape())
                || wanted.dtype().equals("U8")
                        && wanted.shape().isEmpty()
                        && found.shape().size() == 1;
        return sameShape
                && wanted.dtype().equals(found.dtype())
                && wanted.sha256().equals(found.sha256());
    }

    /** A tensor that two paths through an object lead to may come under either; the row lists the other as optional. */
    private boolean takeThroughObject(Map<String, Facts> rest, String name, Facts wanted) {
        for (Map.Entry<String, Facts> other : optional.entrySet()) {
            String object = other.getKey().contains(".")
                    ? other.getKey().substring(0, other.getKey().indexOf('.'))
                    : "";
            if (matches(wanted, other.getValue()) && name.startsWith(object + ".")) {
                return take(rest, wanted, object);
            }
        }
        return false;
    }

    private static boolean take(Map<String, Facts> rest, Facts wanted, String path) {
        for (Map.Entry<String, Facts> entry : rest.entrySet()) {
            String name = entry.getKey();
            if (matches(wanted, entry.getValue())
                    && (path.isEmpty() || name.equals(path) || name.startsWith(path + "."))) {
                rest.remove(name);
                return true;
            }
        }
        return false;
    }

    static JsonObject object(JsonObject row, String field) {
        return row.has(field) && row.get(field).isJsonObject() ? row.getAsJsonObject(field) : new JsonObject();
    }

    static List<String> strings(JsonObject row, String field) {
        List<String> strings = new ArrayList<>();
        if (row.has(field)) {
            row.getAsJsonArray(field).forEach(each -> strings.add(each.getAsString()));
        }
        return strings;
    }
}
