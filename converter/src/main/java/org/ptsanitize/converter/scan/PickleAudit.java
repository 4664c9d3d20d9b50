package org.ptsanitize.converter.scan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ptsanitize.converter.policy.Grade;
import org.ptsanitize.converter.policy.Meaning;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.converter.policy.Use;
import org.ptsanitize.converter.report.Brief;
import org.ptsanitize.converter.report.Severity;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Sha256;
import org.ptsanitize.formats.pickle.GlobalUse;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.pickle.PythonNames;

/**
 * Ranks every call and every global of one pickle, reachable from its value or not. The records in which TorchScript
 * remembers where in the source something stood are passed over as far as they hold nothing but plain data.
 */
final class PickleAudit {
    private final Policy policy;
    private final List<Call> calls;
    private final List<GlobalUse> globals;
    private final Map<Used, Optional<Grade>> grades = new HashMap<>();

    PickleAudit(Policy policy, List<Call> calls, List<GlobalUse> globals) {
        this.policy = policy;
        this.calls = calls;
        this.globals = globals;
    }

    private static final String DEBUG = ".debug_pkl";

    private record Used(Global global, Use use) {}

    /**
     * Records what the pickle does. A call is known again only in the same pickle, byte for byte; a class is known
     * wherever it stands in this part.
     *
     * @param source the bytes that hold the pickle, from {@code start} to {@code end}
     */
    void record(Findings findings, String part, ByteSource source, long start, long end) throws IOException {
        if (part.endsWith(DEBUG) && !anything(Severity.MEDIUM)) {
            return;
        }
        String digest = anything(Severity.HIGH) ? Sha256.hex(source, start, end) : "";
        Set<Global> called = new HashSet<>();
        for (Call call : calls) {
            Optional<Global> global = callable(call);
            global.ifPresent(called::add);
            grade(call)
                    .ifPresent(grade -> findings.add(
                            grade,
                            Use.of(call),
                            global.map(PickleAudit::name).orElse(ScanFinding.COMPUTED),
                            part,
                            grade.severity().compareTo(Severity.HIGH) >= 0 ? digest : "",
                            call.offset(),
                            () -> Brief.call(call)));
        }
        for (GlobalUse use : globals) {
            if (!called.contains(use.global())) {
                grade(use.global(), Use.NAMED)
                        .ifPresent(grade -> findings.add(
                                grade, Use.NAMED, name(use.global()), part, "", use.firstOffset(), () -> ""));
            }
        }
    }

    /** The calls that load a file inside the pickle. */
    List<Call> nestedFiles() {
        List<Call> files = new ArrayList<>();
        for (Call call : calls) {
            if (callable(call)
                    .flatMap(Meaning::of)
                    .filter(Meaning.LOAD_FROM_BYTES::equals)
                    .isPresent()) {
                files.add(call);
            }
        }
        return files;
    }

    private boolean anything(Severity severity) {
        return calls.stream().anyMatch(call -> isAtLeast(grade(call), severity))
                || globals.stream().anyMatch(use -> isAtLeast(grade(use.global(), Use.NAMED), severity));
    }

    private static boolean isAtLeast(Optional<Grade> grade, Severity severity) {
        return grade.filter(known -> known.severity().compareTo(severity) >= 0).isPresent();
    }

    private Optional<Grade> grade(Call call) {
        Optional<Global> global = callable(call);
        return global.isPresent() ? grade(global.get(), Use.of(call)) : Optional.of(Grade.COMPUTED);
    }

    private Optional<Grade> grade(Global global, Use use) {
        return grades.computeIfAbsent(new Used(global, use), used -> Grade.of(global, use, policy));
    }

    private static Optional<Global> callable(Call call) {
        PickleValue callable = call.callable();
        if (callable instanceof PersistentId id && id.id() instanceof Tuple items) {
            // ('module', class, file, source) in a legacy stream, (class, file, source) in a tar of torch 0.1.
            callable = items.size() == 3 || items.size() == 4 ? items.get(items.size() - 3) : callable;
        }
        return callable instanceof Global global ? Optional.of(global) : Optional.empty();
    }

    private static String name(Global global) {
        return PythonNames.modern(global).dotted();
    }
}
