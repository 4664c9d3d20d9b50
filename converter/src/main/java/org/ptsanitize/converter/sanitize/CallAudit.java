package org.ptsanitize.converter.sanitize;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.ptsanitize.converter.policy.GlobalClass;
import org.ptsanitize.converter.policy.Meaning;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.converter.report.Brief;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.report.Finding;
import org.ptsanitize.converter.report.Severity;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.checkpoint.PersistentObject;
import org.ptsanitize.formats.checkpoint.PickledPart;
import org.ptsanitize.formats.pickle.GlobalUse;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.CallKind;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;

/** Tells of every call and every global in a pickle, also of those that nothing refers to any more. */
final class CallAudit {
    private CallAudit() {}

    /** Records a finding for each call that is not understood, and for each global that is only named. */
    static void audit(PickledPart part, Policy policy, EventLog log) throws MalformedFileException {
        IdentityHashMap<Global, GlobalClass> classes = new IdentityHashMap<>();
        Set<Global> called = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Call call : part.pickle().calls()) {
            PickleValue callable = call.callable();
            if (callable instanceof PersistentId id
                    && part.persistent().resolve(id) instanceof PersistentObject.ModuleClass module) {
                callable = module.global();
            }
            if (callable instanceof Global global) {
                called.add(global);
                GlobalClass globalClass = classes.computeIfAbsent(global, policy::classify);
                if (globalClass == GlobalClass.DANGEROUS || globalClass == GlobalClass.UNKNOWN) {
                    log.add(new Finding(
                            severity(call, globalClass),
                            Reviver.className(global),
                            part.name(),
                            call.offset(),
                            Brief.call(call)));
                } else if (Meaning.of(global)
                        .filter(Meaning.LOAD_FROM_BYTES::equals)
                        .isPresent()) {
                    // Read here like any checkpoint, but PyTorch would unpickle whatever the bytes hold.
                    log.add(new Finding(
                            Severity.MEDIUM, Reviver.className(global), part.name(), call.offset(), Brief.call(call)));
                }
            } else {
                log.add(new Finding(Severity.HIGH, "(computed)", part.name(), call.offset(), Brief.call(call)));
            }
        }
        for (GlobalUse use : part.pickle().globals()) {
            GlobalClass globalClass = policy.classify(use.global());
            if (!called.contains(use.global())
                    && (globalClass == GlobalClass.DANGEROUS || globalClass == GlobalClass.UNKNOWN)
                    && Tensors.dtypeOf(use.global()).isEmpty()) {
                Severity severity = globalClass == GlobalClass.DANGEROUS ? Severity.HIGH : Severity.INFO;
                log.add(new Finding(severity, Reviver.className(use.global()), part.name(), use.firstOffset(), ""));
            }
        }
    }

    private static Severity severity(Call call, GlobalClass globalClass) {
        if (globalClass == GlobalClass.DANGEROUS) {
            return Severity.CRITICAL;
        }
        boolean instance = call.kind() == CallKind.NEWOBJ || call.kind() == CallKind.NEWOBJ_EX;
        return instance ? Severity.MEDIUM : Severity.HIGH;
    }
}
