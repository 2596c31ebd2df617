using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

/// <summary>A command the TPM refused. Stays inside Roots: callers see a <see cref="RootException"/>.</summary>
public sealed class TpmException(TpmCommandCode command, TpmError error) : Exception($"TPM2_{command}: {error.Sentence}")
{
    public TpmCommandCode Command { get; } = command;

    public TpmError Error { get; } = error;
}
