using System.Security.Cryptography;

namespace TrustMesh.Wire.Messages;

/// <summary>
/// The register a measurement log is extended into: a PCR, or the head of the log for a root without PCRs. PROTOCOL.md section 6.
/// </summary>
public static class MeasurementRegister
{
    /// <summary>Extends <paramref name="value"/> (32 bytes, changed in place): <c>SHA-256(value ‖ SHA-256(entry))</c>.</summary>
    public static void ExtendEntry(Span<byte> value, ReadOnlySpan<byte> entry)
    {
        Span<byte> digest = stackalloc byte[Caps.Hash];
        SHA256.HashData(entry, digest);
        Extend(value, digest);
    }

    /// <summary>Extends <paramref name="value"/> (32 bytes, changed in place): <c>SHA-256(value ‖ entry digest)</c>.</summary>
    public static void Extend(Span<byte> value, ReadOnlySpan<byte> entryDigest)
    {
        Span<byte> input = stackalloc byte[2 * Caps.Hash];
        value.CopyTo(input);
        entryDigest.CopyTo(input[Caps.Hash..]);
        SHA256.HashData(input, value);
    }
}
