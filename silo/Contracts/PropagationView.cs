namespace TrustMesh.Contracts;

/// <summary>How far a status list has come.</summary>
/// <param name="Devices">Active devices.</param>
/// <param name="Acknowledged">Of them, those that enforce this list or a newer one.</param>
/// <param name="P50Ms">Median time from signing to enforcement of those that acknowledged this very list; null if none did. Likewise <paramref name="P99Ms"/>.</param>
/// <param name="Acks">At most 10,000.</param>
/// <param name="Waiting">Names of active devices that have not acknowledged it, at most 10,000: how many there are says <paramref name="Devices"/> less <paramref name="Acknowledged"/>.</param>
public sealed record PropagationView(
    long Serial, DateTimeOffset IssuedAt, int Devices, int Acknowledged, long? P50Ms, long? P99Ms, IReadOnlyList<RevocationAck> Acks, IReadOnlyList<string> Waiting);
