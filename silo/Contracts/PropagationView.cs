namespace TrustMesh.Contracts;

/// <summary>How far a status list has come.</summary>
/// <param name="Devices">Active devices.</param>
/// <param name="Acknowledged">Of them, those that enforce this list or a newer one.</param>
/// <param name="P50Ms">Median time from signing to enforcement of those that acknowledged this very list; null if none did. Likewise <paramref name="P99Ms"/>.</param>
/// <param name="Waiting">Names of active devices that have not acknowledged it.</param>
public sealed record PropagationView(
    long Serial, DateTimeOffset IssuedAt, int Devices, int Acknowledged, long? P50Ms, long? P99Ms, IReadOnlyList<RevocationAck> Acks, IReadOnlyList<string> Waiting);
