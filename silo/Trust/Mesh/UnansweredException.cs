namespace TrustMesh.Trust.Mesh;

/// <summary>Another silo of the mesh did not answer: whether it did what it was asked is unknown, as after a storage that does not answer.</summary>
/// <param name="message">A sentence for the operator.</param>
public sealed class UnansweredException(string message, Exception inner) : IOException(message, inner);
