package org.ptsanitize.converter.migrate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.ptsanitize.converter.convert.OutputFormat;

/**
 * Where each output goes: into the folder that mirrors the source's, under the source's name with the ending of the
 * format in place of its own. Where several sources of a folder would meet in one name, one that has this very name
 * already keeps it, and each other one gets its whole name with the new ending behind it. A name that an earlier run
 * gave stays.
 */
final class TargetNames {
    private static final Set<String> ENDINGS = Set.of(
            "pt",
            "pth",
            "ckpt",
            "bin",
            "pkl",
            "pickle",
            "p",
            "npy",
            "npz",
            "joblib",
            "th",
            "pt2",
            "safetensors",
            "tar",
            "tgz",
            "zip",
            "gz",
            "bz2",
            "xz",
            "lzma",
            "lz4");
    private static final String INDEX = ".index.json";

    /** What {@code transformers} calls its files: {@code pytorch_model.bin} there is {@code model.safetensors} here. */
    private static final Pattern PYTORCH_MODEL = Pattern.compile("pytorch_model(\\..*)?\\.bin");

    private final MigrationOptions options;
    private final Set<String> taken = new HashSet<>();

    private TargetNames(MigrationOptions options) {
        this.options = options;
    }

    /**
     * Gives every name of every unit its target. A file that is carried along gets none if its place is taken.
     *
     * @param before the main target of a unit in an earlier run, by the unit's key
     */
    static void assign(List<Unit> units, MigrationOptions options, Map<String, String> before) {
        TargetNames names = new TargetNames(options);
        List<Candidate> open = new ArrayList<>();
        for (Unit unit : units) {
            if (unit.kind() != Unit.Kind.OTHER) {
                names.keep(unit, before.getOrDefault(unit.key(), ""), open);
            }
        }
        names.assign(open);
        for (Unit unit : units) {
            if (unit.kind() == Unit.Kind.OTHER) {
                for (Unit.Name name : unit.names()) {
                    if (names.take(name.place())) {
                        name.target(name.place());
                    }
                }
            }
        }
    }

    private record Candidate(Unit unit, Unit.Name name, String plain, String whole) {
        String place(String file) {
            return name.folder().isEmpty() ? file : name.folder() + "/" + file;
        }
    }

    /** Keeps the main target of an earlier run if the rules could give it now. */
    private void keep(Unit unit, String earlier, List<Candidate> open) {
        for (Unit.Name name : unit.names()) {
            Candidate candidate = candidate(unit, name);
            boolean same = earlier.equals(candidate.place(candidate.plain()))
                    || earlier.equals(candidate.place(candidate.whole()));
            if (same && take(earlier)) {
                name.target(earlier);
                Collections.swap(unit.names(), 0, unit.names().indexOf(name));
                unit.names().stream().filter(other -> other != name).forEach(other -> open.add(candidate(unit, other)));
                return;
            }
        }
        unit.names().forEach(name -> open.add(candidate(unit, name)));
    }

    private void assign(List<Candidate> open) {
        SortedMap<String, List<Candidate>> meeting = new TreeMap<>();
        for (Candidate candidate : open) {
            meeting.computeIfAbsent(candidate.place(candidate.plain()), place -> new ArrayList<>())
                    .add(candidate);
        }
        List<Candidate> giveWay = new ArrayList<>();
        meeting.forEach((place, candidates) -> giveWay.addAll(settle(place, candidates)));
        for (Candidate candidate : giveWay) {
            String place = candidate.place(candidate.whole());
            int number = 2;
            String free = place;
            while (!take(free)) {
                free = numbered(place, number++);
            }
            candidate.name().target(free);
        }
    }

    /** Gives a name to the one that may have it. Returns those that get another. */
    private List<Candidate> settle(String place, List<Candidate> candidates) {
        long units = candidates.stream().map(Candidate::unit).distinct().count();
        List<Candidate> others = new ArrayList<>();
        Map<Unit, Boolean> given = new HashMap<>();
        for (Candidate candidate : candidates) {
            boolean first = units == 1 || candidate.plain().equals(ownName(candidate.name(), candidate.unit()));
            if (given.containsKey(candidate.unit())) {
                continue; // two names of one file that become one
            }
            if (first && take(place)) {
                candidate.name().target(place);
                given.put(candidate.unit(), true);
            } else {
                others.add(candidate);
            }
        }
        others.removeIf(candidate -> given.containsKey(candidate.unit()));
        return others;
    }

    private boolean take(String place) {
        return taken.add(place);
    }

    private static String numbered(String place, int number) {
        int dot = place.lastIndexOf('.');
        return place.substring(0, dot) + "~" + number + place.substring(dot);
    }

    private Candidate candidate(Unit unit, Unit.Name name) {
        String own = ownName(name, unit);
        return new Candidate(unit, name, plain(own, unit.kind()), own + options.suffix() + "." + ending());
    }

    private static String ownName(Unit.Name name, Unit unit) {
        String own = name.ownName();
        boolean index = unit.kind() == Unit.Kind.INDEX && own.endsWith(INDEX);
        return index ? own.substring(0, own.length() - INDEX.length()) : own;
    }

    private String ending() {
        return options.format().ending();
    }

    private String plain(String own, Unit.Kind kind) {
        if (kind == Unit.Kind.FOLDER) {
            return own + options.suffix() + "." + ending();
        }
        boolean pt = options.format() == OutputFormat.PT;
        int dot = own.lastIndexOf('.');
        if (pt && dot > 0 && OutputFormat.ofEnding(java.nio.file.Path.of(own)).orElse(null) == OutputFormat.PT) {
            return own.substring(0, dot) + options.suffix() + own.substring(dot);
        }
        String named = !pt && PYTORCH_MODEL.matcher(own).matches() ? own.substring("pytorch_".length()) : own;
        return stem(named) + options.suffix() + "." + ending();
    }

    /** The name without endings that say how a checkpoint is stored. */
    private static String stem(String name) {
        String stem = name;
        for (int dot = stem.lastIndexOf('.'); dot > 0; dot = stem.lastIndexOf('.')) {
            if (!ENDINGS.contains(stem.substring(dot + 1).toLowerCase(Locale.ROOT))) {
                break;
            }
            stem = stem.substring(0, dot);
        }
        return stem;
    }
}
