package org.ptsanitize.converter.sanitize;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ptsanitize.converter.policy.Grade;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.converter.policy.Use;
import org.ptsanitize.converter.report.Brief;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.report.Finding;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.checkpoint.PersistentObject;
import org.ptsanitize.formats.checkpoint.PickledPart;
import org.ptsanitize.formats.pickle.GlobalUse;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;

/** Tells of every call and every global in a pickle, also of those that nothing refers to any more. */
final class CallAudit {
    private CallAudit() {}

    /** Records a finding for each call and each name that is more than plain data or tensors. */
    static void audit(PickledPart part, Policy policy, EventLog log) throws MalformedFileException {
        Map<Use, Map<Global, Optional<Grade>>> grades = new EnumMap<>(Use.class);
        Set<Global> called = new HashSet<>();
        for (Call call : part.pickle().calls()) {
            PickleValue callable = call.callable();
            if (callable instanceof PersistentId id
                    && part.persistent().resolve(id) instanceof PersistentObject.ModuleClass module) {
                callable = module.global();
            }
            if (callable instanceof Global global) {
                Use use = Use.of(call);
                Map<Global, Optional<Grade>> known = grades.computeIfAbsent(use, same -> new IdentityHashMap<>());
                Optional<Grade> grade = known.get(global);
                if (grade == null) {
                    grade = grade(global, use, policy);
                    known.put(global, grade);
                    called.add(global);
                }
                if (grade.isPresent()) {
                    log.add(finding(grade.get(), name(global), part, call));
                }
            } else {
                log.add(finding(Grade.COMPUTED, "(computed)", part, call));
            }
        }
        for (GlobalUse use : part.pickle().globals()) {
            Global global = use.global();
            if (!called.contains(global) && Tensors.dtypeOf(global).isEmpty()) {
                grade(global, Use.NAMED, policy)
                        .ifPresent(grade -> log.add(
                                new Finding(grade.severity(), name(global), part.name(), use.firstOffset(), "")));
            }
        }
    }

    private static Optional<Grade> grade(Global global, Use use, Policy policy) {
        return Grade.of(global, use, policy).filter(grade -> !grade.isKnown());
    }

    private static Finding finding(Grade grade, String global, PickledPart part, Call call) {
        return new Finding(grade.severity(), global, part.name(), call.offset(), Brief.call(call));
    }

    private static String name(Global global) {
        return GlobalNames.dotted(global);
    }
}
