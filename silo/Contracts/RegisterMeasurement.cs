namespace TrustMesh.Contracts;

/// <summary>A register (PCR) of a device's TPM, as it was quoted last. The one that measurements are extended into is not among them: its log explains it, entry by entry.</summary>
/// <param name="Pcr">0..23, of the SHA-256 bank; what it holds: <see cref="PlatformRegisters.Holds"/>.</param>
/// <param name="Value">Hex, 32 bytes.</param>
/// <param name="Outcome">Whether reference values accept it: pass, fail, not-compared.</param>
/// <param name="Expected">Hex values that do; null where there is no reference value of the register.</param>
/// <param name="FirstSeen">As in <see cref="Measurement"/>, likewise the rest.</param>
/// <param name="Of">Active devices of the model whose policy had the register quoted; null for one that grows and is not counted.</param>
public sealed record RegisterMeasurement(
    int Pcr, string Value, string Outcome, IReadOnlyList<string>? Expected = null, DateTimeOffset? FirstSeen = null, int? SeenOn = null, int? Of = null, bool Rare = false);
