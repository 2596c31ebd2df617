namespace TrustMesh.Contracts;

/// <summary>What has to be copied away so that the mesh can be put back.</summary>
/// <param name="Storage">sqlite: this silo's own file; cluster: what all silos share.</param>
/// <param name="LastAt">When a copy was last made; null: the silo does not know, as copies are made beside it.</param>
public sealed record BackupView(string Storage, DateTimeOffset? LastAt, IReadOnlyList<BackupPart> Parts);
