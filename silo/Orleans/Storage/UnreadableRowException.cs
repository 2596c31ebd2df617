using TrustMesh.Trust.Records;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Storage;

/// <summary>A stored row that cannot be read; it is isolated, everything else works (attack A43).</summary>
public sealed class UnreadableRowException(string kind, string id, WireException inner)
    : UnreadableRecordException(kind, id, inner.Message, inner)
{
    /// <summary>What is wrong with its bytes.</summary>
    public WireException Reason { get; } = inner;
}
