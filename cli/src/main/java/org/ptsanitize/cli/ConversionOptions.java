package org.ptsanitize.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.OutputFormat;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What a conversion keeps, how it names it and what it may cost: the same for one file and for many. */
final class ConversionOptions {
    @ArgGroup(validate = false)
    private NamingOptions naming = new NamingOptions();

    @Option(
            names = "--member",
            paramLabel = "NAME",
            description = "Of a file that holds several checkpoints, only this one, as if it were a file of its own.")
    private @Nullable String member;

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
        naming.checkSelection();
        if (maxShardSize != null && format != OutputFormat.SAFETENSORS) {
            throw new IllegalArgumentException("--max-shard-size is for safetensors outputs");
        }
        ConvertOptions.Builder builder = ConvertOptions.builder()
                .policy(reading.policy())
                .limits(reading.limits())
                .weights((naming.weights() || share) && naming.select().isEmpty())
                .include(naming.include())
                .exclude(naming.exclude())
                .stripPrefixes(naming.stripPrefixes())
                .renames(naming.renames())
                .tied(tied)
                .metadata(share ? ConvertOptions.Metadata.NONE : metadata)
                .onCollision(onCollision)
                .keepParameters(keepParameters)
                .keepAttributes(naming.keepAttributes())
                .strict(strict)
                .verify(!noVerify);
        naming.select().ifPresent(builder::select);
        if (member != null) {
            builder.member(member);
        }
        if (maxShardSize != null) {
            builder.maxShardSize(Sizes.parse("--max-shard-size", maxShardSize));
        }
        reading.tempDirectory().ifPresent(builder::tempDirectory);
        return builder;
    }
}
