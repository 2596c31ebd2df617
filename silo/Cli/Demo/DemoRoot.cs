namespace TrustMesh.Cli.Demo;

/// <summary>What a device of the demo has for a root of trust.</summary>
internal enum DemoRoot
{
    /// <summary>A TPM 2.0: swtpm.</summary>
    Tpm,

    /// <summary>A key in memory and in a file.</summary>
    Software,

    /// <summary>A PKCS#11 token: SoftHSM.</summary>
    Hsm,
}
