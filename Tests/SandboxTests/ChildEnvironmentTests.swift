import Testing

@testable import Sandbox

@Suite struct ChildEnvironmentTests {
    @Test func jobWiringAndSecretsAreLeftOut() {
        let given = [
            "PATH": "/bin", "HOME": "/home/u", "LD_LIBRARY_PATH": "/lib",
            "CUDA_VISIBLE_DEVICES": "1",
            "SLURM_JOB_ID": "1", "PMIX_RANK": "0", "PMI_FD": "3", "OMPI_COMM_WORLD_RANK": "0",
            "HF_TOKEN": "x", "AWS_SECRET_ACCESS_KEY": "x", "api_key": "x", "DB_PASSWORD": "x",
            "LD_PRELOAD": "x.so",
        ]
        #expect(
            ChildEnvironment.filtered(given).keys.sorted()
                == ["CUDA_VISIBLE_DEVICES", "HOME", "LD_LIBRARY_PATH", "PATH"]
        )
    }

    @Test func additionsWin() {
        #expect(ChildEnvironment.inherited(adding: ["PATH": "/own"])["PATH"] == "/own")
    }
}
