package org.ptsanitize.properties.violations.formats.pickle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ServiceLoader;
import org.ptsanitize.properties.violations.Breaks;
import org.ptsanitize.properties.violations.converter.convert.Conversion;

/** Ways to find code by a name. */
public final class Lookups {
    @Breaks("formats knows neither converter nor cli")
    static final class Backwards {
        int number(Conversion later) {
            return later.hashCode();
        }
    }

    @Breaks("nothing is reflected upon")
    static final class Invokes {
        Object run(Method method) throws ReflectiveOperationException {
            return method.invoke(this);
        }
    }

    @Breaks("no class is looked up by name")
    static final class Finds {
        Class<?> find(String name) throws ReflectiveOperationException {
            return Class.forName(name);
        }
    }

    @Breaks({"no class is looked up by name", "nothing is reflected upon"})
    static final class Constructs {
        Object make(Class<?> type) throws ReflectiveOperationException {
            return type.getDeclaredConstructor().newInstance();
        }
    }

    @Breaks("no class loader is used")
    static final class Loads {
        Class<?> load(ClassLoader loader, String name) throws ReflectiveOperationException {
            return loader.loadClass(name);
        }
    }

    @Breaks("no class loader is used")
    static final class LoadsServices {
        ServiceLoader<Runnable> load() {
            return ServiceLoader.load(Runnable.class);
        }
    }

    @Breaks("no class loader is used")
    static final class Borrows {
        Object loader() {
            return Thread.currentThread().getContextClassLoader();
        }
    }

    @Breaks("no method handle is looked up")
    static final class Handles {
        Object handle() throws ReflectiveOperationException {
            return MethodHandles.lookup().findStatic(System.class, "gc", MethodType.methodType(void.class));
        }
    }
}
