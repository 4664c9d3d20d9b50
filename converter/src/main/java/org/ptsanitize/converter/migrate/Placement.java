package org.ptsanitize.converter.migrate;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ptsanitize.converter.convert.Durable;
import org.ptsanitize.converter.convert.SameModel;

/**
 * Gives finished outputs their names. A file that is there already stays: if it is the same byte for byte it is the
 * output, as when a run was cut off before its journal told of it; if it is what an earlier run wrote for the same unit
 * it is replaced in one step; anything else is an error.
 */
final class Placement {
    private final Home home;
    private final Set<Path> changed = new HashSet<>();

    Placement(Home home) {
        this.home = home;
    }

    /** The folders in which names were made, which are to be flushed. */
    Set<Path> changedFolders() {
        return changed;
    }

    private enum Step {
        /** Nothing is there. */
        NEW,
        /** The very same bytes are there. */
        SAME,
        /** What is there is this unit's, of an earlier run. */
        REPLACE
    }

    /** @throws FileAlreadyExistsException if something is in the way; nothing has changed then */
    void place(Staged staged) throws IOException {
        List<Path> targets = staged.record().outputs().stream()
                .map(output -> home.resolve(output.path()))
                .toList();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            steps.add(step(targets.get(i), staged.files().get(i), isOwn(staged, i)));
        }
        removeObsolete(staged);
        refuseOtherSets(targets);
        for (int i = 0; i < targets.size(); i++) {
            makeFolder(folder(targets.get(i)));
            put(staged.files().get(i), targets.get(i), steps.get(i));
        }
        List<UnitRecord.Place> places = staged.record().places();
        for (UnitRecord.Place place : places.subList(targets.size(), places.size())) {
            link(staged, home.resolve(place.output().path()), place.path());
        }
    }

    private static boolean isOwn(Staged staged, int output) {
        return staged.own().contains(staged.record().outputs().get(output).path());
    }

    private static Step step(Path target, Path file, boolean own) throws IOException {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return Step.NEW;
        }
        boolean regular = Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS);
        if (regular && Files.size(target) == Files.size(file) && Files.mismatch(target, file) < 0) {
            return Step.SAME;
        }
        if (regular && own) {
            return Step.REPLACE;
        }
        throw new FileAlreadyExistsException(
                target.toString(), null, "exists already and is not what this migration wrote; move it away");
    }

    private void put(Path file, Path target, Step step) throws IOException {
        switch (step) {
            case SAME -> Durable.file(target);
            case REPLACE -> Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            case NEW -> makeNew(file, target);
        }
        changed.add(folder(target));
    }

    /** A link cannot overwrite what somebody put there meanwhile; a move could. */
    private static void makeNew(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(file, target);
        }
    }

    /** Files of an earlier run that readers would take for parts of the model that is written now. */
    private void removeObsolete(Staged staged) throws IOException {
        Set<String> obsolete = new HashSet<>(staged.own());
        Set<String> models = new HashSet<>();
        for (UnitRecord.Place place : staged.record().places()) {
            obsolete.remove(place.path());
            models.add(folderOf(place.path()));
        }
        String base = baseOf(staged.unit().target());
        for (String place : obsolete) {
            if (models.contains(folderOf(place))
                    && SameModel.isPart(base, place.substring(folderOf(place).length()))) {
                Files.deleteIfExists(home.resolve(place));
                changed.add(folder(home.resolve(place)));
            }
        }
    }

    private static String folderOf(String place) {
        return place.substring(0, place.lastIndexOf('/') + 1);
    }

    private static String baseOf(String place) {
        String name = place.substring(folderOf(place).length());
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static void refuseOtherSets(List<Path> targets) throws IOException {
        Path last = targets.get(targets.size() - 1);
        String ending = ".safetensors.index.json";
        String name = String.valueOf(last.getFileName());
        if (targets.size() > 1 && name.endsWith(ending)) {
            SameModel.refuseOthers(name.substring(0, name.length() - ending.length()), targets);
        } else {
            SameModel.refuseIndex(last);
        }
    }

    /** Another name of the source gets another name of the output. */
    private void link(Staged staged, Path target, String place) throws IOException {
        Path link = home.resolve(place);
        makeFolder(folder(link));
        Step step = step(link, target, staged.own().contains(place));
        if (step != Step.SAME) {
            Path made = staged.folder().orElseThrow().resolve("link");
            Files.deleteIfExists(made);
            try {
                Files.createLink(made, target);
            } catch (UnsupportedOperationException | FileSystemException e) {
                Files.copy(target, made);
                Durable.file(made);
            }
            put(made, link, step);
        }
        changed.add(folder(link));
    }

    private void makeFolder(Path folder) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path at = folder; at != null && !Files.isDirectory(at); at = at.getParent()) {
            missing.add(0, at);
        }
        for (Path made : missing) {
            try {
                Files.createDirectory(made);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(made)) {
                    throw new FileAlreadyExistsException(made.toString(), null, "is a file, and a folder is needed");
                }
            }
            changed.add(folder(made));
        }
    }

    private static Path folder(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }
}
