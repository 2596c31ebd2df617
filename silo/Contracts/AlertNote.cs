namespace TrustMesh.Contracts;

/// <summary>Body of an acknowledgement.</summary>
/// <param name="Note">One line of at most 200 characters; may be left out.</param>
public sealed record AlertNote(string? Note);
