package org.ptsanitize.converter.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.convert.StrictException;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.Sha256;

/** Converts single units, each into a folder of its own. */
final class UnitWork {
    private final MigrationOptions options;

    UnitWork(MigrationOptions options) {
        this.options = options;
    }

    /** What a conversion would do. Writes nothing. */
    UnitRecord plan(Unit unit, long memory) throws IOException, NothingToConvertException, StrictException {
        Path target = options.home().resolve(unit.target());
        Conversion conversion = new Converter(conversion(unit, memory)).convert(unit.path(), target, options.format());
        List<UnitRecord.Output> outputs =
                List.of(new UnitRecord.Output(unit.target(), conversion.tensorBytes(), 0, ""));
        return UnitRecord.converted(unit, conversion, outputs);
    }

    /**
     * Converts a unit.
     *
     * @param memory heap that it may use
     * @param folder an empty folder, which gets the output
     * @param own what an earlier run wrote for it
     */
    Staged convert(Unit unit, long memory, Path folder, Set<String> own)
            throws IOException, NothingToConvertException, StrictException {
        Path target = folder.resolve(fileName(unit.target()));
        Conversion conversion = new Converter(conversion(unit, memory)).convert(unit.path(), target, options.format());
        checkUnchanged(unit);
        List<Path> files = files(folder);
        return new Staged(
                unit, UnitRecord.converted(unit, conversion, outputs(unit, files)), Optional.of(folder), files, own);
    }

    /** What copying a unit would do. */
    Staged planCopy(Unit unit) {
        UnitRecord.Output output = new UnitRecord.Output(unit.target(), unit.bytes(), 0, "");
        return Staged.without(unit, UnitRecord.copied(unit, Outcome.PLANNED, List.of(output)));
    }

    /** Copies a unit that is no checkpoint. */
    Staged copy(Unit unit, Path folder, Set<String> own) throws IOException {
        Path target = folder.resolve(fileName(unit.target()));
        Files.copy(unit.path(), target);
        checkUnchanged(unit);
        List<Path> files = List.of(target);
        UnitRecord record = UnitRecord.copied(unit, Outcome.COPIED, outputs(unit, files));
        return new Staged(unit, record, Optional.of(folder), files, own);
    }

    private ConvertOptions conversion(Unit unit, long memory) {
        Limits limits = options.conversion().limits();
        ConvertOptions.Builder builder = options.conversion().toBuilder()
                .limits(limits.with(Limit.MEMORY, Math.min(memory, limits.of(Limit.MEMORY))))
                .durable(false);
        shardSize(unit).ifPresent(builder::maxShardSize);
        return builder.build();
    }

    /** Shards in, shards out: no larger than the largest that came, unless the options say another size. */
    private OptionalLong shardSize(Unit unit) {
        boolean shards = unit.kind() == Unit.Kind.INDEX && options.format() == OutputFormat.SAFETENSORS;
        OptionalLong given = options.conversion().maxShardSize();
        return given.isEmpty() && shards ? OptionalLong.of(Math.max(1, unit.largestFile())) : given;
    }

    private static String fileName(String place) {
        return place.substring(place.lastIndexOf('/') + 1);
    }

    /** The files of an output, an index behind the shards it names. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static List<UnitRecord.Output> outputs(Unit unit, List<Path> files) throws IOException {
        String target = unit.target();
        String folder = target.substring(0, target.lastIndexOf('/') + 1);
        List<UnitRecord.Output> outputs = new ArrayList<>();
        for (Path file : files) {
            outputs.add(new UnitRecord.Output(
                    folder + file.getFileName(), Files.size(file), modified(file), Sha256.hex(file)));
        }
        return outputs;
    }

    private static long modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
    }

    /** A file that was being written while it was read may have given half of one state and half of another. */
    private static void checkUnchanged(Unit unit) throws IOException {
        for (SourceFile file : unit.files()) {
            BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class);
            FileTime then = FileTime.from(file.modified(), TimeUnit.NANOSECONDS);
            if (now.size() != file.size() || !now.lastModifiedTime().equals(then)) {
                throw new IOException(file.path() + ": changed while it was read; run the same command again");
            }
        }
    }
}
