package org.ptsanitize.watch;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Makes the methods through which everything goes that a Java program does to the world tell of each call, and takes
 * down the name of each class that is loaded.
 */
public final class Agent {
    private static final String RECORD = "org/ptsanitize/watch/Witness";

    /** Methods by class, and what a call of one is called. */
    private static final Map<String, Map<String, String>> WATCHED = Map.of(
            "java/lang/ProcessImpl", Map.of("start", "process"),
            "java/lang/Runtime", Map.of("load0", "library", "loadLibrary0", "library"),
            "java/io/FileInputStream", Map.of("open", "open"),
            "java/io/FileOutputStream", Map.of("open", "open"),
            "java/io/RandomAccessFile", Map.of("open", "open"),
            "sun/nio/fs/UnixNativeDispatcher",
                    Map.of(
                            "open", "open",
                            "opendir", "list",
                            "unlink", "change",
                            "rename", "change",
                            "link", "change",
                            "mkdir", "change",
                            "symlink", "change",
                            "chmod", "change"),
            "sun/nio/ch/Net", Map.of("socket", "socket", "serverSocket", "socket"),
            "java/net/InetAddress", Map.of("getAllByName", "lookup"));

    private Agent() {}

    /** @param arguments the agent's own jar and the file of the record, with a semicolon between them */
    public static void premain(String arguments, Instrumentation instrumentation)
            throws IOException, UnmodifiableClassException {
        String[] files = arguments.split(";");
        instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(files[0]));
        Witness.open(files[1]);
        instrumentation.addTransformer(new Transformer(), true);
        List<Class<?>> loaded = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (WATCHED.containsKey(type.getName().replace('.', '/'))) {
                loaded.add(type);
            }
        }
        instrumentation.retransformClasses(loaded.toArray(new Class<?>[0]));
        Witness.saw("start", "");
    }

    private static final class Transformer implements ClassFileTransformer {
        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                @Nullable String name,
                @Nullable Class<?> type,
                @Nullable ProtectionDomain domain,
                byte[] bytes) {
            Witness.saw("class", String.valueOf(name).replace('/', '.'));
            Map<String, String> methods = WATCHED.get(String.valueOf(name));
            return methods == null ? null : instrumented(bytes, methods);
        }
    }

    private static byte[] instrumented(byte[] bytes, Map<String, String> methods) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access,
                            String name,
                            String descriptor,
                            @Nullable String signature,
                            String @Nullable [] exceptions) {
                        MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
                        String what = methods.get(name);
                        boolean hasCode = (access & (Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT)) == 0;
                        return what == null || !hasCode ? method : telling(method, access, descriptor, what);
                    }
                },
                0);
        return writer.toByteArray();
    }

    /** The method with calls in front, one for each argument that is an object, or one without. */
    private static MethodVisitor telling(MethodVisitor method, int access, String descriptor, String what) {
        return new MethodVisitor(Opcodes.ASM9, method) {
            @Override
            public void visitCode() {
                super.visitCode();
                int slot = (access & Opcodes.ACC_STATIC) == 0 ? 1 : 0;
                boolean told = false;
                for (Type argument : Type.getArgumentTypes(descriptor)) {
                    if (argument.getSort() >= Type.ARRAY) {
                        tell(Opcodes.ALOAD, slot);
                        told = true;
                    }
                    slot += argument.getSize();
                }
                if (!told) {
                    tell(Opcodes.ACONST_NULL, 0);
                }
            }

            private void tell(int load, int slot) {
                super.visitLdcInsn(what);
                if (load == Opcodes.ALOAD) {
                    super.visitVarInsn(load, slot);
                } else {
                    super.visitInsn(load);
                }
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC, RECORD, "saw", "(Ljava/lang/String;Ljava/lang/Object;)V", false);
            }
        };
    }
}
