using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>What the root signed about itself, whichever root it is.</summary>
/// <param name="Boot">TPM resetCount, or the agent's start counter.</param>
/// <param name="Clock">TPM clock in milliseconds; 0 for a root without one.</param>
/// <param name="LogValue">Value of the measurement register, or the head of the hash chain.</param>
/// <param name="LogCount">Number of entries, where the root signs it.</param>
/// <param name="Registers">Quoted registers; empty for a root without.</param>
internal readonly record struct SignedState(
    uint Boot,
    uint RestartCount,
    ulong Clock,
    bool Safe,
    ulong FirmwareVersion,
    ReadOnlyMemory<byte> LogValue,
    int? LogCount,
    IReadOnlyList<PcrValue> Registers);
