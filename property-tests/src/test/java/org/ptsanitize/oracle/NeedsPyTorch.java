package org.ptsanitize.oracle;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.extension.ExtendWith;

/** Marks tests and properties that ask {@link PythonOracle}. They are skipped, with the reason, where it cannot be asked. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PyTorchCondition.class)
@AddLifecycleHook(PyTorchCondition.class)
public @interface NeedsPyTorch {}
