using System.Security.Cryptography;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Roots;

/// <summary>What a root without registers has instead: a hash chain in memory, new at every start (PROTOCOL.md section 6).</summary>
internal sealed class MeasurementChain
{
    private byte[] value = new byte[SHA256.HashSizeInBytes];
    private int count;

    /// <summary>How many entries there were, and the chain's value: what goes into the claims.</summary>
    public LogHead Head => new(count, Read());

    /// <summary><c>value' = SHA-256(value ‖ entryDigest)</c>.</summary>
    public void Extend(ReadOnlySpan<byte> entryDigest)
    {
        if (entryDigest.Length != SHA256.HashSizeInBytes) throw new ArgumentException("A SHA-256 digest has 32 bytes.", nameof(entryDigest));
        value = SHA256.HashData([.. value, .. entryDigest]);
        count++;
    }

    public byte[] Read() => [.. value];
}
