namespace TrustMesh.Contracts.Snapshots;

/// <summary>Bytes that are no snapshot, or half of one.</summary>
/// <param name="offset">Where, in bytes.</param>
public sealed class SnapshotException(string field, int offset, string problem) : Exception($"{field} at byte {offset}: {problem}")
{
    public string Field { get; } = field;

    public int Offset { get; } = offset;
}
