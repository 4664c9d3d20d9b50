package org.ptsanitize.properties.violations.formats.pickle;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import org.ptsanitize.properties.violations.Breaks;
import picocli.CommandLine;

/** Libraries where they do not belong. */
final class Libraries {
    @Breaks("of Gson only the streaming part is used")
    static final class Binds {
        Object bind(String text) {
            return new Gson().fromJson(text, Object.class);
        }
    }

    @Breaks("of Gson only the streaming part is used")
    static final class Parses {
        JsonElement parse(String text) {
            return JsonParser.parseString(text);
        }
    }

    /** No rule is broken here. */
    static final class Streams {
        void stream(JsonReader reader) {
            reader.setStrictness(Strictness.STRICT);
        }
    }

    @Breaks("picocli is only in cli")
    static final class Commands {
        CommandLine command(Object command) {
            return new CommandLine(command);
        }
    }
}
