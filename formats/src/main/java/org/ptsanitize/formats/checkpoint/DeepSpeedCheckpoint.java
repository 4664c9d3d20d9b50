package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Folder;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.Scratch;

/**
 * A folder that DeepSpeed wrote with ZeRO: {@code latest} names the folder of a step, and there lie the
 * {@code …model_states.pt} with the shapes of all parameters and the {@code …optim_states.pt} of each rank with its part
 * of the weights. A model that is parallel in other ways too is no such checkpoint but a bundle of its files.
 */
public final class DeepSpeedCheckpoint implements Checkpoint {
    private static final String LATEST = "latest";
    private static final Pattern MODEL_STATES =
            Pattern.compile("(?:zero_pp_rank_([0-9]{1,6})_)?mp_rank_([0-9]{2,4})_model_states\\.pt");
    private static final Pattern OPTIMIZER_STATES =
            Pattern.compile("(?:[a-z0-9]{1,8}_)?zero_pp_rank_([0-9]{1,6})_mp_rank_([0-9]{2,4})_?optim_states\\.pt");
    private static final Pattern OF_OTHER_PARALLELISM =
            Pattern.compile("(?:layer_[0-9]{1,6}[-_].*|expp_rank_.*)(?:model|optim)_states\\.pt");

    private final List<RankFile> modelStates;
    private final List<RankFile> optimizerStates;

    /**
     * One file.
     *
     * @param rank the data-parallel rank that wrote it; 0 where one file is for all
     */
    public record RankFile(String file, int rank, Checkpoint checkpoint) {}

    private DeepSpeedCheckpoint(List<RankFile> modelStates, List<RankFile> optimizerStates) {
        this.modelStates = modelStates;
        this.optimizerStates = optimizerStates;
    }

    static boolean isIn(Folder folder) {
        return isStep(folder) || folder.has(LATEST) && !folder.folderNames().isEmpty();
    }

    /** Whether a folder is that of one step. */
    private static boolean isStep(Folder folder) {
        return folder.names().stream()
                .anyMatch(name -> MODEL_STATES.matcher(name).matches()
                        || OPTIMIZER_STATES.matcher(name).matches());
    }

    /** Opens the folder of a step, or the latest of several. The folder stays the caller's to close. */
    static Checkpoint open(Folder folder, Scratch scratch, Budget budget) throws IOException {
        Folder step = isStep(folder) ? folder : latest(folder);
        List<Found> models = find(step, MODEL_STATES);
        List<Found> optimizers = find(step, OPTIMIZER_STATES);
        boolean parallel = models.stream().anyMatch(found -> found.part() > 0)
                || optimizers.stream().anyMatch(found -> found.part() > 0)
                || step.names().stream()
                        .anyMatch(name -> OF_OTHER_PARALLELISM.matcher(name).matches());
        if (parallel) {
            return new Bundle(
                    Container.DEEPSPEED,
                    RankFiles.openAll(step, scratch, budget),
                    List.of("a model that is split by tensors, layers or experts; each file is under its own name,"
                            + " the pieces are not put together"));
        }
        if (optimizers.isEmpty() && models.size() == 1) {
            return RankFiles.open(step, models.get(0).file(), scratch, budget);
        }
        if (models.isEmpty() || optimizers.isEmpty()) {
            throw new MalformedFileException(
                    "a DeepSpeed folder without " + (models.isEmpty() ? "model" : "optimizer") + " states",
                    Printable.quote(String.valueOf(step.directory().getFileName())),
                    "complete it; zero_pp_rank_N_mp_rank_00_optim_states.pt holds the weights of rank N");
        }
        checkComplete(optimizers, step);
        return new DeepSpeedCheckpoint(
                openAll(models, step, scratch, budget), openAll(optimizers, step, scratch, budget));
    }

    private static Folder latest(Folder folder) throws IOException {
        String name = RankFiles.text(folder, LATEST);
        if (!folder.folderNames().contains(name)) {
            throw new MalformedFileException(
                    "'latest' names " + Printable.quote(name) + ", which is no folder here",
                    "",
                    "name the folder of a step");
        }
        Folder step = folder.folder(name);
        if (!isStep(step)) {
            throw new MalformedFileException(
                    "a DeepSpeed folder without files of ZeRO", Printable.quote(name), "name a checkpoint file");
        }
        return step;
    }

    /** A file that is one of a series, by the ranks in its name. */
    private record Found(String file, int rank, int part) {}

    private static List<Found> find(Folder folder, Pattern pattern) {
        List<Found> found = new ArrayList<>();
        for (String name : folder.names()) {
            Matcher matcher = pattern.matcher(name);
            if (matcher.matches()) {
                String rank = matcher.group(1);
                found.add(
                        new Found(name, rank == null ? 0 : Integer.parseInt(rank), Integer.parseInt(matcher.group(2))));
            }
        }
        found.sort(Comparator.comparingInt(Found::rank));
        return found;
    }

    /** Ranks count from 0; a gap is a file that was not copied. */
    private static void checkComplete(List<Found> files, Folder folder) throws MalformedFileException {
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).rank() != i) {
                String folderName =
                        Printable.quote(String.valueOf(folder.directory().getFileName()));
                throw new MalformedFileException(
                        files.get(i).rank() > i
                                ? "the optimizer states of rank " + i + " are missing"
                                : "the optimizer states of rank " + files.get(i).rank() + " are there twice",
                        folderName,
                        "complete the folder");
            }
        }
    }

    private static List<RankFile> openAll(List<Found> found, Folder folder, Scratch scratch, Budget budget)
            throws IOException {
        List<RankFile> files = new ArrayList<>();
        for (Found file : found) {
            files.add(new RankFile(file.file(), file.rank(), RankFiles.open(folder, file.file(), scratch, budget)));
        }
        return files;
    }

    /** The files with the model: of rank 0 alone, or in stage 3 of every rank. */
    public List<RankFile> modelStates() {
        return Collections.unmodifiableList(modelStates);
    }

    /** The files with the weights, by rank. */
    public List<RankFile> optimizerStates() {
        return Collections.unmodifiableList(optimizerStates);
    }

    @Override
    public Container container() {
        return Container.DEEPSPEED;
    }

    @Override
    public String writer() {
        int ranks = optimizerStates.size();
        return "ZeRO, " + ranks + (ranks == 1 ? " rank" : " ranks");
    }

    private List<RankFile> files() {
        List<RankFile> files = new ArrayList<>(modelStates);
        files.addAll(optimizerStates);
        return files;
    }

    @Override
    public List<PickledPart> parts() {
        List<PickledPart> parts = new ArrayList<>();
        for (RankFile file : files()) {
            file.checkpoint().parts().forEach(part -> parts.add(part.within(file.file())));
        }
        return parts;
    }

    @Override
    public void forgetPickles() {
        files().forEach(file -> file.checkpoint().forgetPickles());
    }

    @Override
    public void close() throws IOException {
        for (RankFile file : files()) {
            file.checkpoint().close();
        }
    }
}
