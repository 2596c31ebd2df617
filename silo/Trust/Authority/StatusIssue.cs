namespace TrustMesh.Trust.Authority;

/// <summary>One status list the authority signed.</summary>
/// <param name="Signed">COSE_Sign1 (PROTOCOL.md section 14).</param>
/// <param name="IssuedAt">To the millisecond: propagation is measured from here.</param>
/// <param name="Size">Entries.</param>
/// <param name="LogSize">Entries the mesh's log had before: its line is in none of them; 0 where that was not kept.</param>
/// <param name="Changes">Against the list before; none in one that was only signed anew.</param>
public sealed record StatusIssue(long Serial, ReadOnlyMemory<byte> Signed, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, long Size, IReadOnlyList<StatusChange> Changes, long LogSize = 0);
