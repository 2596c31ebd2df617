namespace TrustMesh.Trust.Twins;

/// <summary>New entries of a device's measurement log. Entries of other boots are dropped: a bundle needs the log of the boot it speaks of.</summary>
/// <param name="From">Sequence of the first entry; what is stored at or after it is replaced.</param>
public sealed record LogAppend(uint Boot, int From, IReadOnlyList<ReadOnlyMemory<byte>> Entries);
