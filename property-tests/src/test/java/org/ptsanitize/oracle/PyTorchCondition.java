package org.ptsanitize.oracle;

import java.util.Optional;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips what cannot ask the oracle, unless it is required: then the test runs, asks and fails. */
final class PyTorchCondition implements ExecutionCondition, SkipExecutionHook {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return reasonToSkip()
                .map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("PyTorch can be asked, or is required"));
    }

    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
        return reasonToSkip().map(SkipResult::skip).orElseGet(SkipResult::doNotSkip);
    }

    private static Optional<String> reasonToSkip() {
        return PythonOracle.isRequired() ? Optional.empty() : PythonOracle.obstacle();
    }
}
