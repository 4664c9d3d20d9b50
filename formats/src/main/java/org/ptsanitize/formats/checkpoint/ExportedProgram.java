package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;

/**
 * The archive that {@code torch.export.save} writes ({@code .pt2}). What it holds is the program's state dict; its
 * constants and example inputs are beside it, unless constants are all there is. The program itself is never read.
 *
 * <p>Since torch 2.8: {@code ROOT/archive_format}, a graph {@code ROOT/models/NAME.json} for each program, and in
 * {@code ROOT/data/weights/} and {@code ROOT/data/constants/} either {@code NAME_weights_config.json} with records of
 * bytes, or one saved state dict {@code NAME.pt}. Before: {@code serialized_state_dict.pt} and its like, in no folder.
 */
final class ExportedProgram implements Checkpoint {
    private static final String FORMAT = "archive_format";
    private static final String VERSION = "archive_version";
    private static final String OLD_GRAPH = "serialized_exported_program.json";
    private static final String COMPILED = "data/aotinductor/";

    private final Checkpoint weights;
    private final List<Member> outside;
    private final String writer;
    private final List<String> notes;

    private ExportedProgram(Checkpoint weights, List<Member> outside, String writer, List<String> ownNotes) {
        this.weights = weights;
        this.outside = List.copyOf(outside);
        this.writer = writer;
        this.notes = new ArrayList<>(ownNotes);
        this.notes.addAll(weights.notes());
    }

    /** Whether an archive is one, in the layout of any version. */
    static boolean matches(ZipDirectory directory) {
        return directory.findIgnoringCase(directory.firstRoot() + "/" + FORMAT).isPresent() || isOld(directory);
    }

    private static boolean isOld(ZipDirectory directory) {
        return directory.find(OLD_GRAPH).isPresent();
    }

    static ExportedProgram open(ZipDirectory directory, ExportedTensors.Nested nested, Scratch scratch, Budget budget)
            throws IOException {
        return isOld(directory)
                ? new OldLayout(directory, nested, scratch, budget).open()
                : new Layout(directory, nested, scratch, budget).open();
    }

    /** The layout of torch 2.8 and later. */
    private static final class Layout {
        private final ZipDirectory directory;
        private final ZipRecords records;
        private final ExportedTensors.Nested nested;
        private final Scratch scratch;
        private final Budget budget;

        Layout(ZipDirectory directory, ExportedTensors.Nested nested, Scratch scratch, Budget budget) {
            this.directory = directory;
            this.records = new ZipRecords(directory, directory.firstRoot(), scratch, budget);
            this.nested = nested;
            this.scratch = scratch;
            this.budget = budget;
        }

        ExportedProgram open() throws IOException {
            records.refuseOthers();
            records.version();
            String format = records.text(FORMAT).orElse("");
            String version = records.text(VERSION).orElse("0");
            if (!format.equals("pt2") || !version.equals("0")) {
                throw new UnsupportedFileException(
                        "an archive of format '" + format + "' version '" + version + "', expected 'pt2' version '0'",
                        "record " + records.root() + "/" + FORMAT);
            }
            List<Member> programs = new ArrayList<>();
            List<String> notes = new ArrayList<>(records.notes());
            for (String name : names()) {
                programs.add(new Member(name, program(name)));
            }
            Set<String> graphs = names();
            for (String name : below(COMPILED)) {
                Optional<String> compiled = ending(name, "/weights_config.json");
                if (compiled.isPresent() && !graphs.contains(compiled.get())) {
                    programs.add(new Member(compiled.get(), compiled(name)));
                }
            }
            if (programs.isEmpty()) {
                throw nothing();
            }
            if (!below(COMPILED).isEmpty()) {
                notes.add("the machine code of compiled programs is not read, nor are weights inside of it");
            }
            Checkpoint all = programs.size() == 1
                    ? programs.get(0).checkpoint()
                    : new Bundle(Container.EXPORTED_PROGRAM, programs, List.of());
            return new ExportedProgram(all, List.of(), "torch.export.save of torch 2.8 or later", notes);
        }

        private Checkpoint compiled(String config) throws IOException {
            ZipMember member = records.find(COMPILED + config).orElseThrow();
            return CompiledWeights.read(
                    bytes(member),
                    "the record " + member.name(),
                    file -> source("data/weights/" + file),
                    nested,
                    budget);
        }

        private UnsupportedFileException nothing() {
            return below(COMPILED).isEmpty()
                    ? new UnsupportedFileException("a .pt2 archive without an exported program", "")
                    : new UnsupportedFileException(
                            "a compiled program (AOTInductor) whose weights are not beside it but in its machine code or a blob",
                            "",
                            "convert the exported program or the state_dict it was compiled from");
        }

        /** The programs, by their graphs and by their weights. */
        private NavigableSet<String> names() {
            NavigableSet<String> names = new TreeSet<>();
            for (String name : below("models/")) {
                ending(name, ".json").ifPresent(names::add);
            }
            for (String name : below("data/weights/")) {
                ending(name, "_weights_config.json").ifPresent(names::add);
            }
            return names;
        }

        private static Optional<String> ending(String name, String ending) {
            return name.endsWith(ending)
                    ? Optional.of(name.substring(0, name.length() - ending.length()))
                    : Optional.empty();
        }

        private List<String> below(String folder) {
            String prefix = records.root() + "/" + folder;
            return directory.members().stream()
                    .map(ZipMember::name)
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> name.substring(prefix.length()))
                    .toList();
        }

        private Checkpoint program(String name) throws IOException {
            Checkpoint weights = tensors("data/weights/", name, "_weights_config.json")
                    .orElseThrow(() -> new MalformedFileException(
                            "an exported program without weights: there is neither " + name
                                    + "_weights_config.json nor " + name + ".pt in data/weights",
                            "record " + records.root() + "/models/" + name + ".json"));
            Optional<Checkpoint> constants = tensors("data/constants/", name, "_constants_config.json");
            Optional<Checkpoint> inputs = saved("data/sample_inputs/" + name + ".pt");
            return whole(weights, constants, inputs, "", List.of());
        }

        private Optional<Checkpoint> tensors(String folder, String name, String config) throws IOException {
            Optional<Checkpoint> saved = saved(folder + name + ".pt");
            Optional<ZipMember> member = records.find(folder + name + config);
            if (saved.isPresent() || member.isEmpty()) {
                return saved;
            }
            String subject = "the record " + member.get().name();
            PayloadConfig payloads = PayloadConfig.read(bytes(member.get()), subject, budget);
            return Optional.of(
                    ExportedTensors.of(payloads, file -> source(folder + file), records.byteOrder(), nested));
        }

        private Optional<ByteSource> source(String record) throws IOException {
            Optional<ZipMember> member = records.find(record);
            return member.isPresent() ? Optional.of(bytes(member.get())) : Optional.empty();
        }

        private ByteSource bytes(ZipMember member) throws IOException {
            return directory.open(member, scratch, budget);
        }

        private Optional<Checkpoint> saved(String record) throws IOException {
            return ExportedProgram.saved(source(record), record, nested);
        }
    }

    /** The layout of torch 2.1 to 2.7; 2.1 called its saved values {@code .json}, too. */
    private static final class OldLayout {
        private final ZipDirectory directory;
        private final ExportedTensors.Nested nested;
        private final Scratch scratch;
        private final Budget budget;

        OldLayout(ZipDirectory directory, ExportedTensors.Nested nested, Scratch scratch, Budget budget) {
            this.directory = directory;
            this.nested = nested;
            this.scratch = scratch;
            this.budget = budget;
        }

        ExportedProgram open() throws IOException {
            Checkpoint weights = saved("serialized_state_dict")
                    .orElseThrow(() -> new MalformedFileException(
                            "an exported program without a record serialized_state_dict.pt"));
            return whole(
                    weights,
                    saved("serialized_constants"),
                    saved("serialized_example_inputs"),
                    "torch.export.save of torch 2.1 to 2.7",
                    directory.notes());
        }

        private Optional<Checkpoint> saved(String name) throws IOException {
            Optional<ZipMember> member = directory.find(name + ".pt").or(() -> directory.find(name + ".json"));
            return member.isEmpty()
                    ? Optional.empty()
                    : ExportedProgram.saved(
                            Optional.of(directory.open(member.get(), scratch, budget)),
                            member.get().name(),
                            nested);
        }
    }

    /** A record that is a saved value; an empty one stands for none. */
    private static Optional<Checkpoint> saved(Optional<ByteSource> bytes, String record, ExportedTensors.Nested nested)
            throws IOException {
        if (bytes.isEmpty() || bytes.get().size() == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(nested.open(bytes.get(), false));
        } catch (FileFormatException e) {
            throw e.within("record " + record);
        }
    }

    /** A program whose weights, constants and inputs are known. */
    private static ExportedProgram whole(
            Checkpoint weights,
            Optional<Checkpoint> constants,
            Optional<Checkpoint> inputs,
            String writer,
            List<String> notes) {
        List<Member> outside = new ArrayList<>();
        inputs.ifPresent(values -> outside.add(new Member("sample_inputs", values)));
        if (constants.isEmpty()) {
            return new ExportedProgram(weights, outside, writer, notes);
        }
        Member member = new Member("constants", constants.get());
        if (!isEmpty(weights) || isEmpty(constants.get())) {
            outside.add(0, member);
            return new ExportedProgram(weights, outside, writer, notes);
        }
        List<String> more = new ArrayList<>(notes);
        more.add("no weights but constants, which are written under their names");
        Checkpoint all = new Bundle(Container.EXPORTED_PROGRAM, List.of(member), List.of());
        return new ExportedProgram(all, outside, writer, more);
    }

    private static boolean isEmpty(Checkpoint checkpoint) {
        return checkpoint.tensors().isEmpty()
                && checkpoint.parts().stream()
                        .allMatch(part -> part.pickle().persistentIds().isEmpty());
    }

    @Override
    public Container container() {
        return Container.EXPORTED_PROGRAM;
    }

    @Override
    public String writer() {
        return writer;
    }

    @Override
    public List<NamedTensor> tensors() {
        return weights.tensors();
    }

    @Override
    public List<Member> members() {
        return weights.members();
    }

    @Override
    public List<Member> outside() {
        List<Member> all = new ArrayList<>(weights.outside());
        all.addAll(outside);
        return all;
    }

    @Override
    public List<PickledPart> parts() {
        List<PickledPart> parts = new ArrayList<>(weights.parts());
        for (PickledPart part : Bundle.parts(outside)) {
            parts.add(part.steering());
        }
        return parts;
    }

    @Override
    public void forgetPickles() {
        weights.forgetPickles();
        outside.forEach(member -> member.checkpoint().forgetPickles());
    }

    @Override
    public List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public void close() throws IOException {
        weights.close();
        for (Member member : outside) {
            member.checkpoint().close();
        }
    }
}
