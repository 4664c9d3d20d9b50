package org.ptsanitize.converter.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.regex.Pattern;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.convert.Reason;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.checkpoint.Container;
import org.ptsanitize.formats.checkpoint.Glance;
import org.ptsanitize.formats.checkpoint.Input;

/**
 * Finds the units among the files of a tree: folders that are one checkpoint, indexes with their shards, then each file
 * by its first bytes. A file with several names is one unit. In a hub's cache the file itself, in {@code blobs}, gives
 * way to the names that lead to it.
 */
final class Discovery {
    private static final Pattern INDEX = Pattern.compile(".+\\.index(\\.[^.]+)?\\.json");
    private static final Pattern CLAIM =
            Pattern.compile("(.+\\.(pt|pth|ckpt|safetensors)|pytorch_model.*\\.bin)(\\.(tar|gz|bz2|xz|lzma|lz4|zip))*");
    private static final String BLOBS = "blobs";
    private static final String STEERING = ".metadata";
    private static final String MEGATRON_RANK = "mp_rank_";
    private static final String SNAPSHOTS = "snapshots";

    private final MigrationOptions options;
    private final MigrationListener listener;
    private final TreeWalk walk;
    private final List<Unit> units = new ArrayList<>();
    private final List<UnitRecord> records = new ArrayList<>();
    private final Map<Object, Unit> known = new HashMap<>();
    private final Set<Object> others = new HashSet<>();
    private final Set<Object> pieces = new HashSet<>();
    private final Set<String> claimed = new HashSet<>();
    private int seen;

    private Discovery(MigrationOptions options, MigrationListener listener, TreeWalk walk) {
        this.options = options;
        this.listener = listener;
        this.walk = walk;
    }

    static Discovery of(MigrationOptions options, MigrationListener listener) throws IOException {
        Discovery discovery = new Discovery(options, listener, TreeWalk.of(options));
        discovery.find();
        return discovery;
    }

    /** What is there to do, sorted by name. */
    List<Unit> units() {
        return units;
    }

    /** What could not be looked at, or is left alone with a reason. */
    List<UnitRecord> records() {
        return records;
    }

    private void find() {
        records.addAll(walk.problems());
        List<Listing> blobs = new ArrayList<>();
        List<Listing> plain = new ArrayList<>();
        Set<String> caches = new HashSet<>();
        walk.listings().forEach(listing -> {
            if (listing.folders().contains(SNAPSHOTS) && listing.folders().contains(BLOBS)) {
                caches.add(listing.placeOf(BLOBS));
            }
        });
        for (Listing listing : walk.listings()) {
            (caches.contains(listing.place()) ? blobs : plain).add(listing);
        }
        plain.forEach(this::sets);
        plain.forEach(listing -> files(listing, false));
        blobs.forEach(listing -> files(listing, true));
        units.forEach(Unit::sortNames);
        units.sort(Comparator.comparing(Unit::name));
    }

    // ---- several files that are one

    private void sets(Listing listing) {
        Optional<Container> kind = kind(listing);
        if (kind.isPresent() && isWhole(kind.get(), listing)) {
            folder(listing);
            return;
        }
        for (SourceFile file : listing.files().values()) {
            if (INDEX.matcher(file.name()).matches()) {
                index(listing, file);
            }
        }
    }

    private Optional<Container> kind(Listing listing) {
        try {
            return Files.isDirectory(listing.path()) ? Input.kindOfFolder(listing.path()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // the walk has told of it
        }
    }

    /** Whether a folder is one checkpoint: not if it holds several steps, of which a single conversion takes the latest. */
    private boolean isWhole(Container kind, Listing listing) {
        return switch (kind) {
            case DISTRIBUTED ->
                listing.files().containsKey(STEERING)
                        && looks(listing.files().get(STEERING)).equals(Optional.of(Glance.Looks.CHECKPOINT));
            case DEEPSPEED -> listing.files().keySet().stream().anyMatch(name -> name.endsWith("_states.pt"));
            case MEGATRON -> listing.folders().stream().anyMatch(name -> name.startsWith(MEGATRON_RANK));
            default -> false;
        };
    }

    private void folder(Listing listing) {
        List<SourceFile> files = new ArrayList<>();
        addPieces(listing, files);
        for (String name : listing.folders()) {
            Listing rank = walk.listing(listing.placeOf(name));
            if (name.startsWith(MEGATRON_RANK) && rank != null) {
                addPieces(rank, files);
            }
        }
        String place = listing.place().isEmpty() ? listing.name() : listing.place();
        claim(files);
        if (isTaken(place, files) && !isOwn(place)) {
            Unit unit = new Unit(Unit.Kind.FOLDER, listing.path(), place, true, files);
            unit.addName(place, listing.path(), false);
            units.add(unit);
        }
    }

    private void addPieces(Listing listing, List<SourceFile> pieces) {
        for (SourceFile file : listing.files().values()) {
            Glance.Looks looks = looks(file).orElse(Glance.Looks.OTHER);
            if (looks == Glance.Looks.CHECKPOINT || looks == Glance.Looks.UNKNOWN) {
                pieces.add(file);
            }
        }
    }

    private void index(Listing listing, SourceFile index) {
        List<SourceFile> files = new ArrayList<>(List.of(index));
        try (FileSource source = FileSource.open(index.path())) {
            Optional<SortedSet<String>> shards = Glance.shards(source, budget());
            if (shards.isEmpty()) {
                return;
            }
            for (String shard : shards.get()) {
                SourceFile file = listing.files().get(shard);
                if (file != null) {
                    files.add(file);
                }
            }
        } catch (FileFormatException e) {
            // It names no shards that can be known; converting it says what is wrong with it.
        } catch (IOException e) {
            records.add(UnitRecord.failed(index.place(), index.size(), Reason.of(e)));
            return;
        }
        claim(files);
        if (!isTaken(index.place(), files) || isOwn(index.name())) {
            return;
        }
        List<Object> identity = new ArrayList<>(List.of(index.name()));
        files.forEach(file -> identity.add(file.identity()));
        Unit unit = known.computeIfAbsent(identity, same -> {
            Unit made = new Unit(Unit.Kind.INDEX, index.path(), index.place(), true, files);
            units.add(made);
            return made;
        });
        unit.addName(index.place(), index.path(), index.link());
    }

    private void claim(List<SourceFile> files) {
        for (SourceFile file : files) {
            claimed.add(file.place());
            pieces.add(file.identity());
        }
    }

    // ---- files

    private void files(Listing listing, boolean blobs) {
        for (SourceFile file : listing.files().values()) {
            boolean named = known.containsKey(file.identity()) || pieces.contains(file.identity());
            if (!claimed.contains(file.place()) && !(blobs && named)) {
                file(file, blobs);
            }
        }
    }

    private void file(SourceFile file, boolean blob) {
        Unit same = known.get(file.identity());
        if (same != null) {
            if (same.kind() == Unit.Kind.OTHER || options.files().isWanted(file.place())) {
                same.addName(file.place(), file.path(), file.link());
            }
            return;
        }
        if (others.contains(file.identity()) || isOwn(file.name())) {
            return;
        }
        Optional<Glance.Looks> looks = looks(file);
        if (looks.isEmpty()) {
            return;
        }
        if (isCandidate(looks.get(), file.name())) {
            boolean certain = looks.get() != Glance.Looks.ARCHIVE || isClaim(file.name());
            if (isTaken(file.place(), List.of(file))) {
                add(new Unit(Unit.Kind.FILE, file.path(), walk.real(file).place(), certain, List.of(file)), file);
            }
        } else if (options.copyOthers() && !blob && isSmallEnough(file.place(), List.of(file))) {
            add(new Unit(Unit.Kind.OTHER, file.path(), walk.real(file).place(), false, List.of(file)), file);
        } else {
            others.add(file.identity());
        }
    }

    private void add(Unit unit, SourceFile file) {
        unit.addName(file.place(), file.path(), file.link());
        known.put(file.identity(), unit);
        units.add(unit);
    }

    /** Bytes decide; a name only makes an error of what would else be passed over. */
    private static boolean isCandidate(Glance.Looks looks, String name) {
        return switch (looks) {
            case CHECKPOINT, ARCHIVE -> true;
            case STAND_IN -> isClaim(name) || name.endsWith(".bin");
            case UNKNOWN -> isClaim(name);
            case OTHER -> false;
        };
    }

    private static boolean isClaim(String name) {
        return CLAIM.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /** Whether, beside the sources, a file of this name is an output of this or an earlier run. */
    private boolean isOwn(String name) {
        if (!options.inPlace()) {
            return false;
        }
        String base = name.endsWith(".index.json") ? name.substring(0, name.length() - ".index.json".length()) : name;
        boolean safe = options.format() == OutputFormat.SAFETENSORS && base.endsWith(".safetensors");
        int dot = base.lastIndexOf('.');
        String stem = dot < 0 ? base : base.substring(0, dot);
        return safe || !options.suffix().isEmpty() && stem.endsWith(options.suffix());
    }

    private Optional<Glance.Looks> looks(SourceFile file) {
        listener.looking(++seen);
        try (FileSource source = FileSource.open(file.path())) {
            return Optional.of(Glance.at(source, budget()));
        } catch (IOException e) {
            records.add(UnitRecord.failed(file.place(), file.size(), Reason.of(e)));
            return Optional.empty();
        }
    }

    private Budget budget() {
        return new Budget(options.conversion().limits());
    }

    private boolean isTaken(String place, Collection<SourceFile> files) {
        boolean wanted = options.files().isWanted(place)
                || files.stream().anyMatch(file -> options.files().isWanted(file.place()));
        return wanted && isSmallEnough(place, files);
    }

    private boolean isSmallEnough(String place, Collection<SourceFile> files) {
        if (files.stream().anyMatch(file -> options.files().isTooLarge(file.size()))) {
            long bytes = files.stream().mapToLong(SourceFile::size).sum();
            records.add(UnitRecord.skipped(place, bytes, "larger than --max-file-size"));
            return false;
        }
        return true;
    }
}
