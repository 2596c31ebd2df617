namespace TrustMesh.Trust.Joining;

/// <summary>What a device showed of its endorsement key when it joined; the row's id is the device.</summary>
/// <param name="Certificates">DER, the key's first; at most 8 of at most 8 KiB.</param>
internal sealed record StoredEndorsement(bool Verified, string Words, IReadOnlyList<string> Tolerated, IReadOnlyList<byte[]> Certificates, DateTimeOffset At);
