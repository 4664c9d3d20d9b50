package org.ptsanitize.cli;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.naming.Rename;
import picocli.CommandLine.Option;

/** What a conversion keeps, how it names it and what it may cost: the same for one file and for many. */
final class ConversionOptions {
    @Option(
            names = "--select",
            paramLabel = "PATH",
            description = "Only the subtree at PATH, without that prefix; '.' is the root as it is.")
    private @Nullable String select;

    @Option(names = "--weights", description = "Only the model's weights; training state is left out.")
    private boolean weights;

    @Option(names = "--include", paramLabel = "GLOB", description = "Only tensors whose name matches.")
    private List<String> include = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "No tensors whose name matches; wins over --include.")
    private List<String> exclude = new ArrayList<>();

    @Option(names = "--strip-prefix", paramLabel = "PREFIX", description = "Take PREFIX off names that begin with it.")
    private List<String> stripPrefixes = new ArrayList<>();

    @Option(
            names = "--rename",
            paramLabel = "REGEX=REPLACEMENT",
            description = "Replace in every name, in the order given (RE2 syntax, $1 for a group).")
    private List<String> renames = new ArrayList<>();

    @Option(
            names = "--tied",
            paramLabel = "MODE",
            description = "Names of one tensor: duplicate writes each (default), dedupe one and records the others.")
    private ConvertOptions.Tied tied = ConvertOptions.Tied.DUPLICATE;

    @Option(
            names = "--metadata",
            paramLabel = "MODE",
            description = "all (default) keeps everything that is no tensor, none only the tensors, flat.")
    private ConvertOptions.Metadata metadata = ConvertOptions.Metadata.ALL;

    @Option(names = "--share", description = "For publishing: --weights and --metadata none.")
    private boolean share;

    @Option(
            names = "--on-collision",
            paramLabel = "MODE",
            description = "Two tensors of one name: error (default), or suffix keeps both.")
    private ConvertOptions.OnCollision onCollision = ConvertOptions.OnCollision.ERROR;

    @Option(
            names = "--max-shard-size",
            paramLabel = "SIZE",
            description = "Split a larger safetensors output: 5GB, 500MB (powers of ten), and write an index.")
    private @Nullable String maxShardSize;

    @Option(names = "--keep-parameters", description = "In a .pt, mark what was an nn.Parameter as one.")
    private boolean keepParameters;

    @Option(
            names = "--keep-attributes",
            description = "Also write tensors that hang on modules outside their state_dict().")
    private boolean keepAttributes;

    @Option(names = "--strict", description = "Refuse the file if anything would be dropped or stubbed.")
    private boolean strict;

    @Option(names = "--no-verify", negatable = false, description = "Do not read the output back before it appears.")
    private boolean noVerify;

    /**
     * The options so far; the caller adds what is its own.
     *
     * @throws IllegalArgumentException if they are wrong or exclude each other; the message names the flag
     */
    ConvertOptions.Builder builder(OutputFormat format, ReadOptions reading) throws IOException {
        if (weights && select != null) {
            throw new IllegalArgumentException("--weights and --select exclude each other");
        }
        if (maxShardSize != null && format != OutputFormat.SAFETENSORS) {
            throw new IllegalArgumentException("--max-shard-size is for safetensors outputs");
        }
        ConvertOptions.Builder builder = ConvertOptions.builder()
                .policy(reading.policy())
                .limits(reading.limits())
                .weights((weights || share) && select == null)
                .include(include)
                .exclude(exclude)
                .stripPrefixes(stripPrefixes)
                .renames(renames())
                .tied(tied)
                .metadata(share ? ConvertOptions.Metadata.NONE : metadata)
                .onCollision(onCollision)
                .keepParameters(keepParameters)
                .keepAttributes(keepAttributes)
                .strict(strict)
                .verify(!noVerify);
        if (select != null) {
            builder.select(select);
        }
        if (maxShardSize != null) {
            builder.maxShardSize(Sizes.parse("--max-shard-size", maxShardSize));
        }
        reading.tempDirectory().ifPresent(builder::tempDirectory);
        return builder;
    }

    private List<Rename> renames() {
        List<Rename> parsed = new ArrayList<>();
        for (String rename : renames) {
            int equals = rename.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("--rename " + rename + ": write REGEX=REPLACEMENT");
            }
            try {
                parsed.add(new Rename(Pattern.compile(rename.substring(0, equals)), rename.substring(equals + 1)));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("--rename " + rename + ": " + e.getDescription(), e);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--rename " + rename + ": " + e.getMessage(), e);
            }
        }
        return parsed;
    }
}
