package org.ptsanitize.formats.checkpoint;

import java.util.List;
import org.junit.jupiter.api.Nested;

/** The contract, kept by every container that is a single file. */
class ContainersTest {
    @Nested
    class TarViews extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/tar_views.pth.tar";
        }

        @Override
        Container container() {
            return Container.LEGACY_TAR;
        }
    }

    @Nested
    class TarModule extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/tar_module.pth.tar";
        }

        @Override
        Container container() {
            return Container.LEGACY_TAR;
        }
    }

    @Nested
    class Script extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/script.pt";
        }

        @Override
        Container container() {
            return Container.TORCHSCRIPT;
        }
    }

    @Nested
    class OldScript extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/script_torch113.pt";
        }

        @Override
        Container container() {
            return Container.TORCHSCRIPT;
        }
    }

    @Nested
    class FrozenScript extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/frozen.pt";
        }

        @Override
        Container container() {
            return Container.TORCHSCRIPT;
        }

        @Override
        List<String> members() {
            return List.of("constants");
        }
    }

    @Nested
    class Npy extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/fortran.npy";
        }

        @Override
        Container container() {
            return Container.NUMPY_ARRAY;
        }
    }

    @Nested
    class StoredNpz extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/stored.npz";
        }

        @Override
        Container container() {
            return Container.NUMPY_ARCHIVE;
        }

        @Override
        List<String> members() {
            return List.of("c", "fortran", "big", "scalar", "empty", "bool");
        }
    }

    @Nested
    class DeflatedNpz extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/deflated.npz";
        }

        @Override
        Container container() {
            return Container.NUMPY_ARCHIVE;
        }

        @Override
        List<String> members() {
            return List.of("c", "fortran", "big", "scalar", "empty", "bool");
        }
    }

    @Nested
    class Joblib extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/aligned.joblib";
        }

        @Override
        Container container() {
            return Container.JOBLIB;
        }
    }

    @Nested
    class ZlibJoblib extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/zlib.joblib";
        }

        @Override
        Container container() {
            return Container.JOBLIB;
        }
    }

    @Nested
    class Gzip extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/gzip_two_members.pt.gz";
        }

        @Override
        Container container() {
            return Container.TORCH_ZIP;
        }
    }

    @Nested
    class Bzip2 extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/bzip2_two_streams.pt.bz2";
        }

        @Override
        Container container() {
            return Container.TORCH_ZIP;
        }
    }

    @Nested
    class Xz extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/xz_two_streams.pt.xz";
        }

        @Override
        Container container() {
            return Container.TORCH_ZIP;
        }
    }

    @Nested
    class Lzma extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/lzma_alone.pt.lzma";
        }

        @Override
        Container container() {
            return Container.TORCH_ZIP;
        }
    }

    @Nested
    class Lz4 extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/lz4_two_frames.pt.lz4";
        }

        @Override
        Container container() {
            return Container.TORCH_ZIP;
        }
    }

    @Nested
    class TwoLayers extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/gzip_in_xz.pt.gz.xz";
        }

        @Override
        Container container() {
            return Container.TORCH_ZIP;
        }
    }

    @Nested
    class TarOfCheckpoints extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/model.tar.gz";
        }

        @Override
        Container container() {
            return Container.TAR;
        }

        @Override
        List<String> members() {
            return List.of("weights.th", "best.th");
        }
    }

    @Nested
    class ZipOfCheckpoints extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/agent.zip";
        }

        @Override
        Container container() {
            return Container.ZIP;
        }

        @Override
        List<String> members() {
            return List.of("policy.pth", "policy.optimizer.pth");
        }
    }

    @Nested
    class UnpackedZip extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/unpacked_and_zipped_again.zip";
        }

        @Override
        Container container() {
            return Container.TORCH_ZIP;
        }
    }

    @Nested
    class SeveralPickles extends CheckpointContract {
        @Override
        String specimen() {
            return "containers/several_pickles.pkl";
        }

        @Override
        Container container() {
            return Container.PICKLES;
        }

        @Override
        List<String> members() {
            return List.of("0", "1", "2");
        }
    }

    @Nested
    class ScriptOf10 extends CheckpointContract {
        @Override
        String specimen() {
            return "script/of_1_0.pt";
        }

        @Override
        Container container() {
            return Container.TORCHSCRIPT;
        }

        @Override
        List<String> members() {
            return List.of("scale", "steps", "row", "fc.weight", "fc.mask");
        }
    }

    @Nested
    class ScriptOf11 extends CheckpointContract {
        @Override
        String specimen() {
            return "script/of_1_1.pt";
        }

        @Override
        Container container() {
            return Container.TORCHSCRIPT;
        }

        @Override
        List<String> members() {
            return List.of("weight", "running", "pieces", "sizes", "kind");
        }
    }

    @Nested
    class ScriptOf13 extends CheckpointContract {
        @Override
        String specimen() {
            return "script/of_1_3.pt";
        }

        @Override
        Container container() {
            return Container.TORCHSCRIPT;
        }

        @Override
        List<String> members() {
            return List.of("weight", "running", "pieces", "sizes", "kind");
        }
    }

    @Nested
    class Program extends CheckpointContract {
        @Override
        String specimen() {
            return "export/program.pt2";
        }

        @Override
        Container container() {
            return Container.EXPORTED_PROGRAM;
        }
    }

    @Nested
    class ProgramOfConstants extends CheckpointContract {
        @Override
        String specimen() {
            return "export/only_constants.pt2";
        }

        @Override
        Container container() {
            return Container.EXPORTED_PROGRAM;
        }

        @Override
        List<String> members() {
            return List.of("constants");
        }
    }

    @Nested
    class Programs extends CheckpointContract {
        @Override
        String specimen() {
            return "export/two_programs.pt2";
        }

        @Override
        Container container() {
            return Container.EXPORTED_PROGRAM;
        }

        @Override
        List<String> members() {
            return List.of("decode", "encode.step");
        }
    }

    @Nested
    class ProgramBefore28 extends CheckpointContract {
        @Override
        String specimen() {
            return "export/before_2_8.pt2";
        }

        @Override
        Container container() {
            return Container.EXPORTED_PROGRAM;
        }
    }

    @Nested
    class CompiledProgram extends CheckpointContract {
        @Override
        String specimen() {
            return "export/compiled.pt2";
        }

        @Override
        Container container() {
            return Container.EXPORTED_PROGRAM;
        }
    }
}
