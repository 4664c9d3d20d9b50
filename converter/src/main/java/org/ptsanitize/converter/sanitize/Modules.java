package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * Whole modules as their {@code state_dict()}: the names and the order of {@code Module._save_to_state_dict}, which writes
 * parameters, then persistent buffers, then each submodule under its name.
 */
final class Modules {
    private static final Set<String> STRUCTURE =
            Set.of("_parameters", "_buffers", "_modules", "_non_persistent_buffers_set");

    private final Context context;
    private final Reviver reviver;
    private final OwnStateDict ownStateDict;

    Modules(Context context, Reviver reviver) {
        this.context = context;
        this.reviver = reviver;
        this.ownStateDict = new OwnStateDict(context.log());
    }

    /** The state dict of a module. */
    Revival stateDict(Global type, ObjectState state) throws IOException {
        List<PickleValue> children = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Set<String> transientBuffers = names(state.attributes().get("_non_persistent_buffers_set"));
        collect(state.entriesOf("_parameters"), Set.of(), names, children, type);
        collect(state.entriesOf("_buffers"), transientBuffers, names, children, type);
        String path = reviver.path();
        String className = Reviver.className(type);
        Set<String> written = new HashSet<>(STRUCTURE);
        for (QuantizedModules.Member member : QuantizedModules.written(className, state)) {
            names.add(member.name());
            children.add(member.value());
            written.add(member.name());
        }
        int modulesFrom = names.size();
        List<MapNode.Entry> own = QuantizedModules.outputScale(className, state, path);
        collect(state.entriesOf("_modules"), Set.of(), names, children, type);
        deferRest(state, transientBuffers, written, path);
        context.log().add(Event.Kind.CONVERTED, path, className, "a module became its state_dict()");
        ownStateDict.note(path, className);
        return Revival.of(children, names::get, nodes -> flatten(names, modulesFrom, nodes, own));
    }

    /** The state dict of a quantized convolution. */
    Revival convolution(Global type, Tuple state) throws IOException {
        context.log()
                .add(Event.Kind.CONVERTED, reviver.path(), Reviver.className(type), "a module became its state_dict()");
        return QuantizedModules.stateDict(state, reviver.path());
    }

    /** A TorchScript module: every attribute that is or holds tensors, in order, submodules under their names. */
    Revival script(Global type, ObjectState state) throws IOException {
        List<PickleValue> children = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Entries attributes = state.attributes();
        for (int i = 0; i < attributes.size(); i++) {
            String name = PythonText.of(attributes.key(i)).orElse("?");
            if (canHoldTensors(attributes.value(i))) {
                names.add(name);
                children.add(attributes.value(i));
            }
        }
        context.log()
                .add(
                        Event.Kind.CONVERTED,
                        reviver.path(),
                        Reviver.className(type),
                        "a TorchScript module became its tensor attributes");
        return Revival.of(children, names::get, nodes -> {
            List<String> kept = new ArrayList<>();
            List<Node> holders = new ArrayList<>();
            for (int i = 0; i < nodes.size(); i++) {
                if (nodes.get(i).holdsTensors()) {
                    kept.add(names.get(i));
                    holders.add(nodes.get(i));
                }
            }
            return flatten(kept, 0, holders, List.of());
        });
    }

    private void collect(Entries entries, Set<String> left, List<String> names, List<PickleValue> children, Global type)
            throws IOException {
        for (int i = 0; i < entries.size(); i++) {
            String name = PythonText.of(entries.key(i))
                    .orElseThrow(() -> new MalformedFileException(
                            "a " + type.dotted() + " with a member whose name is no text",
                            context.part().name()));
            if (entries.value(i) != None.NONE && !left.contains(name)) {
                names.add(name);
                children.add(entries.value(i));
            }
        }
    }

    private Node flatten(List<String> names, int modulesFrom, List<Node> nodes, List<MapNode.Entry> own)
            throws IOException {
        List<MapNode.Entry> entries = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (i == modulesFrom) {
                entries.addAll(own);
            }
            Node node = nodes.get(i);
            if (node instanceof Absent) {
                continue;
            }
            if (i >= modulesFrom && node instanceof MapNode map && map.kind() == MapNode.Kind.MODULE) {
                context.budget().spend(Limit.PATHS, map.entries().size() + 1L, names.get(i));
                context.budget().spendMemory(100L * map.entries().size(), 0);
                for (MapNode.Entry entry : map.entries()) {
                    entries.add(MapNode.Entry.of(names.get(i) + "." + Names.component(entry.key()), entry.value()));
                }
            } else {
                entries.add(MapNode.Entry.of(names.get(i), node));
            }
        }
        if (modulesFrom == names.size()) {
            entries.addAll(own);
        }
        return new MapNode(MapNode.Kind.MODULE, entries);
    }

    /** The names in a set of text. */
    private static Set<String> names(@org.jspecify.annotations.Nullable PickleValue value) throws IOException {
        Set<String> names = new HashSet<>();
        if (value instanceof PickleValue.PySet set) {
            addAll(names, set.items());
        } else if (value instanceof Call call) {
            addAll(names, call.items());
            List<PickleValue> arguments = Invocation.sequence(call.arguments());
            if (arguments != null && arguments.size() == 1) {
                List<PickleValue> items = Invocation.sequence(arguments.get(0));
                addAll(names, items == null ? List.of() : items);
            }
        }
        return names;
    }

    private static void addAll(Set<String> names, List<PickleValue> items) throws IOException {
        for (PickleValue item : items) {
            PythonText.of(item).ifPresent(names::add);
        }
    }

    /** What is not in the state dict is looked at later, to list the tensors in it. */
    private void deferRest(ObjectState state, Set<String> transientBuffers, Set<String> written, String path)
            throws IOException {
        Entries attributes = state.attributes();
        for (int i = 0; i < attributes.size(); i++) {
            String name = PythonText.of(attributes.key(i)).orElse("?");
            if (!written.contains(name) && canHoldTensors(attributes.value(i))) {
                reviver.defer(attributes.value(i), Names.join(path, name));
            }
        }
        Entries buffers = state.entriesOf("_buffers");
        for (int i = 0; i < buffers.size(); i++) {
            String name = PythonText.of(buffers.key(i)).orElse("?");
            if (transientBuffers.contains(name) && buffers.value(i) != None.NONE) {
                reviver.defer(buffers.value(i), Names.join(path, name));
            }
        }
    }

    private static boolean canHoldTensors(PickleValue value) throws IOException {
        Entries mapping = ObjectState.mapping(value);
        if (mapping != null) {
            return mapping.size() > 0;
        }
        if (value instanceof PyList list) {
            return list.size() > 0;
        }
        if (value instanceof Tuple tuple) {
            return tuple.size() > 0;
        }
        return value instanceof Call || value instanceof PersistentId;
    }
}
