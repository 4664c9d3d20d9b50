package org.ptsanitize.properties.violations;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The rules that a class is written to break, by their sentences. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Breaks("every package lies below the name of its module")
public @interface Breaks {
    /** The sentences. */
    String[] value();
}
