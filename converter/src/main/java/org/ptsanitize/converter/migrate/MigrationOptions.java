package org.ptsanitize.converter.migrate;

import java.nio.file.Path;
import java.util.List;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.OutputFormat;

/** What is migrated, to where, and how. Immutable; {@link #builder} starts from the defaults. */
public final class MigrationOptions {
    private final Builder values;

    private MigrationOptions(Builder values) {
        this.values = values;
    }

    /**
     * Begins with the defaults.
     *
     * @param home the folder that gets the outputs; it is made if it is not there
     */
    public static Builder builder(List<Source> sources, Path home) {
        return new Builder(sources, home);
    }

    public List<Source> sources() {
        return values.sources;
    }

    /** The folder of the outputs, and of the journal. */
    public Path home() {
        return values.home;
    }

    /** Whether each output lies beside its source; then {@link #home} is the one source. */
    public boolean inPlace() {
        return values.inPlace;
    }

    public OutputFormat format() {
        return values.format;
    }

    public ConvertOptions conversion() {
        return values.conversion;
    }

    /** What stands before the ending of every output's name. */
    public String suffix() {
        return values.suffix;
    }

    public FileChoice files() {
        return values.files;
    }

    /** Whether files that are no checkpoints are carried along. */
    public boolean copyOthers() {
        return values.copyOthers;
    }

    /** Whether a source is removed once its output is proven, durable and in the journal. */
    public boolean replace() {
        return values.replace;
    }

    /** Whether nothing is written. */
    public boolean dryRun() {
        return values.conversion.dryRun();
    }

    /** How many units are converted at a time. */
    public int workers() {
        return values.workers;
    }

    /** The version of the program: outputs of another one are made again. */
    public String version() {
        return values.version;
    }

    /** Collects options. */
    public static final class Builder {
        private final List<Source> sources;
        private final Path home;
        private boolean inPlace;
        private OutputFormat format = OutputFormat.SAFETENSORS;
        private ConvertOptions conversion = ConvertOptions.defaults();
        private String suffix = "";
        private FileChoice files = FileChoice.ALL;
        private boolean copyOthers;
        private boolean replace;
        private int workers = Runtime.getRuntime().availableProcessors();
        private String version = "";

        private Builder(List<Source> sources, Path home) {
            this.sources = List.copyOf(sources);
            this.home = home;
        }

        public Builder inPlace(boolean value) {
            inPlace = value;
            return this;
        }

        /** The format of the outputs, and how each one is made. */
        public Builder conversion(OutputFormat outputFormat, ConvertOptions options) {
            format = outputFormat;
            conversion = options;
            return this;
        }

        public Builder suffix(String value) {
            suffix = value;
            return this;
        }

        public Builder files(FileChoice value) {
            files = value;
            return this;
        }

        public Builder copyOthers(boolean value) {
            copyOthers = value;
            return this;
        }

        public Builder replace(boolean value) {
            replace = value;
            return this;
        }

        public Builder workers(int value) {
            workers = value;
            return this;
        }

        public Builder version(String value) {
            version = value;
            return this;
        }

        /** @throws IllegalArgumentException if the options contradict each other; the message names the flags */
        public MigrationOptions build() {
            if (workers < 1) {
                throw new IllegalArgumentException("-j " + workers + ": at least one file is converted at a time");
            }
            if (suffix.indexOf('/') >= 0 || suffix.indexOf('\\') >= 0) {
                throw new IllegalArgumentException("--suffix " + suffix + ": is part of a file's name, not of a path");
            }
            if (replace && !conversion.verify()) {
                throw new IllegalArgumentException("--replace needs the proof that --no-verify leaves out");
            }
            if (inPlace && copyOthers) {
                throw new IllegalArgumentException("--in-place has nowhere to copy to: leave out --copy-others");
            }
            if (inPlace && format == OutputFormat.PT && suffix.isEmpty()) {
                throw new IllegalArgumentException(
                        "--in-place --to pt would give outputs the names of their sources: add --suffix .clean");
            }
            return new MigrationOptions(this);
        }
    }
}
