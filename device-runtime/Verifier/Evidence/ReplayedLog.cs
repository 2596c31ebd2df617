using System.Collections.Immutable;

namespace TrustMesh.Verifier;

/// <summary>The prefix of a measurement log that leads to the signed value.</summary>
/// <param name="Appended">Entries not accepted before; copies that outlive the message.</param>
internal readonly record struct ReplayedLog(
    int Count,
    ReadOnlyMemory<byte> Value,
    IReadOnlyList<ReadOnlyMemory<byte>> Appended,
    ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Current);
