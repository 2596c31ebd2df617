namespace TrustMesh.Orleans.Following;

/// <summary>News of the mesh after a number.</summary>
/// <param name="Gap">Some of it is gone: look at everything anew.</param>
/// <param name="Refused">Why this silo may not be one of the mesh's; null: it may.</param>
public sealed record MeshNews(long To, bool Gap, MeshItem[] Items, string? Refused = null);
