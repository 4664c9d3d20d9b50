package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.converter.policy.GlobalClass;
import org.ptsanitize.converter.report.Brief;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tensor.DType;

/** Instances of classes that nobody here has, and calls of functions that nobody here makes. */
final class Objects {
    /** The key under which a class or function that is only named stands. */
    static final String GLOBAL_KEY = "__global__";

    private final Context context;
    private final TreeBuilder builder;
    private final Reviver reviver;
    private final Modules modules;

    Objects(Context context, TreeBuilder builder, Reviver reviver) {
        this.context = context;
        this.builder = builder;
        this.reviver = reviver;
        this.modules = new Modules(context, reviver);
    }

    /** A class or function as a value. */
    Revival reference(Global global) {
        Optional<DType> dtype = Tensors.dtypeOf(global);
        if (dtype.isPresent()) {
            return Revival.of(
                    new TorchConstant(TorchConstant.Kind.DTYPE, dtype.get().torchName()));
        }
        Leaf name = Leaf.of(Reviver.className(global));
        MapNode stub = new MapNode(MapNode.Kind.STUB, List.of(MapNode.Entry.of(GLOBAL_KEY, name)));
        if (context.classify(global).globalClass() == GlobalClass.ALLOWED) {
            return Revival.of(AllowedNode.reference(global, stub));
        }
        context.log()
                .add(Event.Kind.STUBBED, builder.path(""), Reviver.className(global), "only named; kept as its name");
        return Revival.of(stub);
    }

    /** A call whose callable is itself computed: never resolved. */
    Revival computed(Call call) throws IOException {
        KeywordInstance made = KeywordInstance.of(call);
        if (made != null && context.classify(made.type()).globalClass() == GlobalClass.UNKNOWN) {
            Invocation invocation = new Invocation(made.type(), made.arguments(), call, reviver.part());
            return instance(made.type(), made.arguments(), made.keywords(), call.states(), invocation);
        }
        List<PickleValue> parts = new ArrayList<>();
        parts.add(call.callable());
        parts.add(call.arguments());
        return dropped("(computed)", call, parts);
    }

    /** A call whose arguments are no tuple. */
    Revival call(Global global, List<PickleValue> arguments, Call call) {
        return dropped(Reviver.className(global), call, arguments);
    }

    /** A call that is not understood. */
    Revival invoke(Invocation invocation, GlobalClass globalClass) throws IOException {
        Call call = invocation.call();
        boolean hasState = !call.states().isEmpty()
                || !call.items().isEmpty()
                || !call.entries().isEmpty();
        return switch (globalClass) {
            case ALLOWED -> allowed(invocation);
            case DANGEROUS -> dropped(Reviver.className(invocation.global()), call, invocation.arguments());
            case REBUILD, VALUE, UNKNOWN -> {
                if (call.kind().makesInstance() || hasState) {
                    yield instance(invocation.global(), invocation.arguments(), call.states(), invocation);
                }
                yield dropped(Reviver.className(invocation.global()), call, invocation.arguments());
            }
        };
    }

    /** An object: a module as its state dict, anything else as a stub. */
    Revival instance(Global type, List<PickleValue> arguments, List<PickleValue> states, Invocation invocation)
            throws IOException {
        return instance(type, arguments, invocation.call().keywords(), states, invocation);
    }

    private Revival instance(
            Global type,
            List<PickleValue> arguments,
            PickleValue keywords,
            List<PickleValue> states,
            Invocation invocation)
            throws IOException {
        if (context.classify(type).globalClass() == GlobalClass.DANGEROUS) {
            List<PickleValue> parts = new ArrayList<>(arguments);
            parts.addAll(states);
            return dropped(Reviver.className(type), invocation.call(), parts);
        }
        if (context.part().script() && ScriptObjects.isCustom(type)) {
            Revival custom = ScriptObjects.revive(type, states);
            if (custom != null) {
                return custom;
            }
        }
        Revival packed = ScriptObjects.isPickledByPython(type) ? ScriptObjects.reviveInner(states) : null;
        if (packed != null) {
            return packed;
        }
        Tuple convolution = QuantizedModules.convolution(type, states);
        if (convolution != null) {
            return modules.convolution(type, convolution);
        }
        ObjectState state = ObjectState.of(states);
        if (context.part().script()
                && ScriptObjects.isModule(type)
                && state.others().isEmpty()) {
            return modules.script(type, state);
        }
        if (state.isModule()) {
            return modules.stateDict(type, state);
        }
        StubParts parts = new StubParts(Reviver.className(type));
        parts.addArguments(arguments, keywords, invocation.call());
        parts.addState(state);
        context.log().add(Event.Kind.STUBBED, builder.path(""), Reviver.className(type), "kept as its state");
        return Revival.of(parts.children(), parts::label, nodes -> parts.assemble(nodes));
    }

    /** {@code copyreg._reconstructor(class, base, state)}: how protocols 0 and 1 make an instance. */
    Revival reconstructor(Invocation invocation) throws IOException {
        Optional<Global> type = invocation.count() == 3 ? reviver.callable(invocation.argument(0)) : Optional.empty();
        if (type.isEmpty()) {
            return invoke(invocation, GlobalClass.UNKNOWN);
        }
        PickleValue base = invocation.argument(2);
        List<PickleValue> arguments = base == None.NONE ? List.of() : List.of(base);
        return made(type.get(), arguments, invocation);
    }

    /** {@code copyreg.__newobj__(class, *arguments)}. */
    Revival newObject(Invocation invocation) throws IOException {
        Optional<Global> type = invocation.count() >= 1 ? reviver.callable(invocation.argument(0)) : Optional.empty();
        if (type.isEmpty()) {
            return invoke(invocation, GlobalClass.UNKNOWN);
        }
        List<PickleValue> arguments = invocation.arguments().subList(1, invocation.count());
        if (invocation.global().name().equals("__newobj_ex__")
                && !arguments.isEmpty()
                && arguments.get(0) instanceof Tuple positional) {
            arguments = positional.items();
        }
        return made(type.get(), arguments, invocation);
    }

    private Revival made(Global type, List<PickleValue> arguments, Invocation invocation) throws IOException {
        Context.Classified classified = context.classify(type);
        Invocation inner = new Invocation(type, arguments, invocation.call(), invocation.part());
        return switch (classified.globalClass()) {
            case REBUILD, VALUE -> reviver.invoke(inner);
            case ALLOWED, DANGEROUS -> invoke(inner, classified.globalClass());
            case UNKNOWN -> instance(type, arguments, invocation.call().states(), invocation);
        };
    }

    /** {@code reduce_graph_module(body, imports)}: the body is the module's state; the source in it goes. */
    Revival graphModule(Invocation invocation) throws IOException {
        for (PickleValue argument : invocation.arguments()) {
            if (argument instanceof Dict body) {
                List<PickleValue> states = new ArrayList<>();
                states.add(body);
                states.addAll(invocation.call().states());
                return instance(new Global("torch.fx.graph_module", "GraphModule"), List.of(), states, invocation);
            }
        }
        return invoke(invocation, GlobalClass.UNKNOWN);
    }

    /** A call that is left out. What stays is the tensors in its arguments, and one number if that is all it has. */
    private Revival dropped(String name, Call call, List<PickleValue> arguments) {
        List<PickleValue> parts = new ArrayList<>(arguments);
        parts.add(call.keywords());
        parts.addAll(call.states());
        parts.addAll(call.items());
        for (int i = 0; i < call.entries().size(); i++) {
            parts.add(call.entries().value(i));
        }
        boolean harmless = arguments.size() == 1
                && call.states().isEmpty()
                && isNumber(arguments.get(0))
                && !name.equals("(computed)")
                && !isDangerous(call);
        return Revival.of(parts, i -> "args." + i, nodes -> {
            List<Node> kept = new ArrayList<>();
            TensorsOnly tensorsOnly = new TensorsOnly();
            for (Node node : nodes) {
                if (node.holdsTensors()) {
                    kept.add(tensorsOnly.apply(node));
                }
            }
            if (kept.isEmpty() && harmless) {
                kept.add(nodes.get(0));
                context.log().add(Event.Kind.STUBBED, builder.path(""), name, "kept with its one argument");
            } else {
                String detail = kept.isEmpty() ? "" : "; the tensors in its arguments are kept";
                context.log().add(Event.Kind.DROPPED, builder.path(""), name, Brief.call(call) + detail);
            }
            if (kept.isEmpty()) {
                return new Absent(Absent.Reason.DROPPED_CALL);
            }
            return new MapNode(
                    MapNode.Kind.STUB,
                    List.of(
                            MapNode.Entry.of(MapNode.CLASS_KEY, Leaf.of(name)),
                            MapNode.Entry.of("args", new ListNode(ListNode.Kind.LIST, kept))));
        });
    }

    private boolean isDangerous(Call call) {
        return call.callable() instanceof Global global
                && context.classify(global).globalClass() == GlobalClass.DANGEROUS;
    }

    private static boolean isNumber(PickleValue value) {
        return value instanceof Int || value instanceof Real || value instanceof Bool;
    }

    /** An object of an allowed class: every part of it, in its role. */
    private Revival allowed(Invocation invocation) throws IOException {
        Call call = invocation.call();
        Global global = invocation.global();
        if (call.keywords() != None.NONE) {
            // weights_only knows no way to make an instance with keyword arguments.
            return instance(global, invocation.arguments(), call.states(), invocation);
        }
        StubParts parts = new StubParts(Reviver.className(global));
        parts.addArguments(invocation.arguments(), call.keywords(), call);
        parts.addState(ObjectState.of(call.states()));
        int stubSize = parts.children().size();
        List<PickleValue> children = new ArrayList<>(parts.children());
        children.addAll(invocation.arguments());
        children.addAll(call.states());
        children.addAll(call.items());
        Entries entries = Entries.of(call.entries());
        for (int i = 0; i < entries.size(); i++) {
            children.add(entries.key(i));
            children.add(entries.value(i));
        }
        return Revival.of(
                children,
                i -> i < stubSize ? parts.label(i) : "",
                nodes -> AllowedNode.of(
                        global,
                        call,
                        invocation.arguments().size(),
                        parts.assemble(nodes.subList(0, stubSize)),
                        Reviver.present(nodes.subList(stubSize, nodes.size()))));
    }
}
