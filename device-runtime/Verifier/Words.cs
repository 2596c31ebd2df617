using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>Values as an operator reads them; only used for what did not pass.</summary>
internal static class Words
{
    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>"sha256 …", or "absent" for the empty digest.</summary>
    public static string Digest(ReadOnlySpan<byte> digest) => digest.IsEmpty ? "absent" : "sha256 " + Hex(digest);

    public static string Digests(IReadOnlyList<ReadOnlyMemory<byte>> digests)
        => digests.Count == 1 ? Digest(digests[0].Span) : $"{Digest(digests[0].Span)} or one of {digests.Count - 1} others";

    public static string Time(long seconds) => DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, 253_402_300_799)).ToString("yyyy-MM-dd HH:mm:ss'Z'");

    public static string Pcrs(IReadOnlyList<int> pcrs) => pcrs.Count == 0 ? "no PCR" : "PCR " + string.Join(',', pcrs);

    public static string Banks(IReadOnlyList<PcrSelection> selections)
        => selections.Count == 0 ? "no bank" : string.Join(", ", selections.Select(one => KeyAlgorithms.Describe(one.Bank)));

    public static string Selections(IReadOnlyList<PcrSelection> selections)
        => selections.Count == 0 ? "no PCR" : string.Join("; ", selections.Select(one => $"{KeyAlgorithms.Describe(one.Bank)} {Pcrs(one.Pcrs)}"));

    public static string Values(IReadOnlyList<PcrValue> values)
        => values.Count == 0 ? "no value" : string.Join(", ", values.Select(one => $"PCR {one.Index} ({one.Value.Length} bytes)"));
}
