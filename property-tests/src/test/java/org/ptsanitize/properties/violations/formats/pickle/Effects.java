package org.ptsanitize.properties.violations.formats.pickle;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.nio.channels.SocketChannel;
import javax.script.ScriptEngineManager;
import org.ptsanitize.properties.violations.Breaks;

/** Ways to do more than read and write files. */
final class Effects {
    @Breaks("nothing is deserialised by Java")
    static final class Deserialises {
        Object read(InputStream in) throws IOException, ClassNotFoundException {
            return new ObjectInputStream(in).readObject();
        }
    }

    @Breaks("no class says how Java deserialises it")
    static final class Returns {
        Object readResolve() {
            return this;
        }
    }

    @Breaks("nothing is scripted or compiled")
    static final class Scripts {
        ScriptEngineManager engines() {
            return new ScriptEngineManager();
        }
    }

    @Breaks("no process is started and no library is loaded")
    static final class Starts {
        Object start() throws IOException {
            return new ProcessBuilder("true").start();
        }
    }

    @Breaks("no process is started and no library is loaded")
    static final class Executes {
        Object run() throws IOException {
            return Runtime.getRuntime().exec("true");
        }
    }

    @Breaks("no process is started and no library is loaded")
    static final class LoadsLibrary {
        void load() {
            System.loadLibrary("x");
        }
    }

    @Breaks("nothing reaches the network")
    static final class Connects {
        Socket socket() {
            return new Socket();
        }
    }

    @Breaks("nothing reaches the network")
    static final class OpensChannel {
        SocketChannel channel() throws IOException {
            return SocketChannel.open();
        }
    }

    @Breaks("nothing reaches the network")
    static final class Downloads {
        InputStream open(URI uri) throws IOException {
            URL url = uri.toURL();
            return url.openStream();
        }
    }

    /** No rule is broken here: a URI is only a name. */
    static final class Names {
        URI uri(String name) {
            return URI.create(name);
        }
    }

    @Breaks("only Main ends the program")
    static final class Exits {
        void end() {
            System.exit(1);
        }
    }

    @Breaks("only Main ends the program")
    static final class Halts {
        void end() {
            Runtime.getRuntime().halt(1);
        }
    }
}
