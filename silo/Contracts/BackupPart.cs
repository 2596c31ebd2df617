namespace TrustMesh.Contracts;

/// <param name="Why">What it is, and what is lost without it.</param>
/// <param name="Command">Copies it in a shell; STATE is the directory of --state. Null where that is another system's matter.</param>
public sealed record BackupPart(string What, string Why, string? Command);
