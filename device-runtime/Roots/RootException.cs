namespace TrustMesh.Roots;

/// <summary>A root of trust that cannot do what was asked. The message is a sentence for an operator and names the fix.</summary>
public sealed class RootException(string message, Exception? inner = null) : Exception(message, inner);
